import { t } from "@lingui/core/macro";
import {
  attestersAbi,
  bundleHubAbi,
  courtAbi,
  escrowAbi,
  ladderAbi,
  marketsAbi,
  oracleAbi,
  settlerAbi,
  stakeManagerAbi,
  testDollarAbi,
} from "@sooth/abi";
import {
  BaseError,
  decodeErrorResult,
  InsufficientFundsError,
  UserRejectedRequestError,
  type Hex,
} from "viem";
import { sentence, sentenceFor } from "../../error-text.ts";
import { TestDollarError, WalletError } from "./wallet-error.ts";

const ABI = [
  ...oracleAbi,
  ...marketsAbi,
  ...stakeManagerAbi,
  ...courtAbi,
  ...ladderAbi,
  ...bundleHubAbi,
  ...settlerAbi,
  ...escrowAbi,
  ...attestersAbi,
  ...testDollarAbi,
];

type Collateral = { decimals: number; symbol: string };

/** What a contract's refusal says, as a sentence; undefined when the bytes are no error of ours. */
export function revertText(data: Hex, collateral: Collateral): string | undefined {
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: ABI, data });
    const inputs = "inputs" in abiItem ? abiItem.inputs : [];
    const values = Object.fromEntries(
      inputs.map((input, index) => [input.name ?? String(index), args?.[index]]),
    );
    if (errorName === "TestDollar_TooSoon")
      return sentence(TestDollarError.too_soon({ nextAt: BigInt(String(values["nextAt"])) }).message);
    // `Markets_StakeTooSmall` is `markets.stake_too_small`; an error without a slice is the token library's.
    const [slice, name] = errorName.includes("_") ? errorName.split("_") : [t`Markets`, errorName];
    const known = sentenceFor(`${snake(slice ?? "")}.${snake(name ?? "")}`, values, collateral);
    return known ?? sentence(t`The contract refused: ${snake(errorName).replaceAll("_", " ")}`);
  } catch {
    return undefined; // Not one of ours: the caller says so in general words.
  }
}

/** Whatever a wallet or node threw, as one error that a person can act on. */
export function readableError(error: unknown, collateral: Collateral): Error {
  if (!(error instanceof BaseError)) return error instanceof Error ? error : new Error(String(error));
  if (error.walk((cause) => cause instanceof UserRejectedRequestError)) return WalletError.rejected({});
  const data = revertData(error);
  const reason = data === undefined ? undefined : revertText(data, collateral);
  if (reason !== undefined) return WalletError.reverted({ reason }, { cause: error });
  if (error.walk((cause) => cause instanceof InsufficientFundsError)) return WalletError.no_gas({});
  return WalletError.failed({ reason: sentence(error.shortMessage) }, { cause: error });
}

/** Nodes put the revert's bytes at different depths of the error; the innermost that looks like them counts. */
function revertData(error: BaseError): Hex | undefined {
  let found: Hex | undefined;
  error.walk((cause) => {
    const data = (cause as { data?: unknown }).data;
    const bytes = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
    if (typeof bytes === "string" && /^0x[0-9a-fA-F]{8,}$/.test(bytes)) found = bytes as Hex;
    return false;
  });
  return found;
}

const snake = (name: string) => name.replaceAll(/(?<!^|_)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
