import { marketsAbi, opinionsAbi, outcomeTokensAbi } from "@sooth/abi";
import { AppError, type ErrorRow } from "@sooth/kernel";
import { type Abi, BaseError, ContractFunctionRevertedError, decodeErrorResult, type Hex } from "viem";
import { MarketsError } from "./errors.ts";
import { OpinionsError } from "./opinions/errors.ts";
import { OutcomesError } from "./orders/errors.ts";

/** `Markets_BadNonce` is `bad_nonce`. */
export const errorName = (solidity: string): string =>
  solidity
    .replace(/^(Markets|Opinions|OutcomeTokens)_/, "")
    .replaceAll(/[A-Z]/g, (letter, at: number) => `${at === 0 ? "" : "_"}${letter.toLowerCase()}`);

const CONTRACTS = [
  { slice: "markets", abi: marketsAbi as Abi, rows: MarketsError.rows as Record<string, ErrorRow<never>> },
  { slice: "opinions", abi: opinionsAbi as Abi, rows: OpinionsError.rows as Record<string, ErrorRow<never>> },
  {
    slice: "outcomes",
    abi: outcomeTokensAbi as Abi,
    rows: OutcomesError.rows as Record<string, ErrorRow<never>>,
  },
] as const;

/** The error that a revert of Markets, Opinions or OutcomeTokens stands for, or null when the data is none of theirs. */
export function fromRevertData(data: Hex): AppError | null {
  for (const contract of CONTRACTS) {
    const told = errorOf(contract, data);
    if (told) return told;
  }
  return null;
}

function errorOf({ slice, abi, rows }: (typeof CONTRACTS)[number], data: Hex): AppError | null {
  try {
    const { errorName: solidity, args } = decodeErrorResult({ abi, data });
    const item = abi.find((entry) => entry.type === "error" && entry.name === solidity);
    const name = errorName(solidity);
    const row = rows[name];
    if (item?.type !== "error" || row === undefined) return null;
    const values: readonly unknown[] = args ?? [];
    const told = Object.fromEntries(item.inputs.map((input, index) => [input.name, values[index]]));
    return new AppError(`${slice}.${name}`, row, told);
  } catch {
    return null; // not a revert of this contract: the caller says so in its own words
  }
}

/** What the contract would say, from the error that viem throws for a refused call; null when it was no revert. */
export function fromContractError(thrown: unknown): AppError | null {
  if (!(thrown instanceof BaseError)) return null;
  const reverted = thrown.walk((error) => error instanceof ContractFunctionRevertedError);
  if (!(reverted instanceof ContractFunctionRevertedError)) return null;
  const known = reverted.raw === undefined ? null : fromRevertData(reverted.raw);
  return known ?? MarketsError.would_fail({ reason: reverted.reason ?? reverted.signature ?? "it reverts" });
}
