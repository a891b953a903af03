import {
  bundleHubAbi,
  escrowAbi,
  marketsAbi,
  opinionsAbi,
  oracleAbi,
  outcomeTokensAbi,
  settlerAbi,
  testDollarAbi,
} from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Address, appErrorIn, type Hex, sameAddress } from "@sooth/kernel";
import { BaseError, decodeErrorResult, decodeFunctionData, isHex, parseAbi } from "viem";

type Call = { from: Address; to: Address; data: Hex };

const ERRORS = [
  ...parseAbi([
    // OpenZeppelin's tokens, and Solady's.
    "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
    "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
    "error InsufficientBalance()",
    "error InsufficientAllowance()",
  ]),
  ...[
    ...testDollarAbi,
    ...settlerAbi,
    ...escrowAbi,
    ...bundleHubAbi,
    ...outcomeTokensAbi,
    ...marketsAbi,
    ...opinionsAbi,
    ...oracleAbi,
  ].filter(({ type }) => type === "error"),
];

/**
 * Why a call that was tried failed, in words: who lacks which token or allowance where it moves one, else what the target said.
 * @throws chain.rpc_unreachable
 */
export async function whyFails(chain: Chain, call: Call, error: BaseError): Promise<string> {
  const said = saidBy(error);
  const lacks = await whatLacks(chain, call);
  return lacks === null ? said : `${lacks} (${said})`;
}

/** The revert by its name and values where it is one that is known. */
function saidBy(error: BaseError): string {
  const data = revertData(error);
  if (data === null) return error.shortMessage;
  try {
    const { errorName, args }: { errorName: string; args?: readonly unknown[] } = decodeErrorResult({
      abi: ERRORS,
      data,
    });
    if (errorName === "Error") return `it says "${String(args?.[0])}"`;
    return `it reverts with ${errorName}(${(args ?? []).map(String).join(", ")})`;
  } catch {
    return data === "0x" ? "it reverts without a word" : `it reverts with ${data.slice(0, 10)}`;
  }
}

function revertData(error: BaseError): Hex | null {
  let found: Hex | null = null;
  error.walk((each) => {
    const { data } = each as { data?: unknown };
    if (isHex(data)) found = data;
    return false;
  });
  return found;
}

/** Of a transfer what is missing for it; null of anything else, and where nothing is. */
async function whatLacks(chain: Chain, { from, to, data }: Call): Promise<string | null> {
  const moved = transferIn(from, data);
  if (!moved) return null;
  const token = { address: to, abi: testDollarAbi } as const;
  try {
    const balance = await chain.client.readContract({
      ...token,
      functionName: "balanceOf",
      args: [moved.payer],
    });
    if (balance < moved.amount)
      return `${moved.payer} holds ${balance} of the token, and ${moved.amount} are wanted`;
    if (sameAddress(moved.payer, from)) return null;
    const allowance = await chain.client.readContract({
      ...token,
      functionName: "allowance",
      args: [moved.payer, from],
    });
    return allowance < moved.amount
      ? `${moved.payer} lets ${from} take ${allowance} of the token, and ${moved.amount} are wanted`
      : null;
  } catch (error) {
    // Of what is no token nothing is missing.
    if (error instanceof BaseError && !appErrorIn(error)) return null;
    throw error;
  }
}

function transferIn(from: Address, data: Hex): { payer: Address; amount: bigint } | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi: testDollarAbi, data });
    if (functionName === "transfer") return { payer: from, amount: args[1] };
    return functionName === "transferFrom" ? { payer: args[0], amount: args[2] } : null;
  } catch {
    return null;
  }
}
