import {
  assertionsAbi,
  bundleHubAbi,
  escrowAbi,
  feedsAbi,
  marketsAbi,
  opinionsAbi,
  oracleAbi,
  outcomeTokensAbi,
  settlerAbi,
  stakeManagerAbi,
  testDollarAbi,
} from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import { type Abi, decodeFunctionData, erc20Abi, erc721Abi, type Hex, parseAbi } from "viem";
import type { Network } from "../../api.ts";

export type KnownCall = { contract: string; name: string; args: { name: string; value: string }[] };

const OURS: readonly [keyof Network["addresses"], string, Abi][] = [
  ["collateral", "the collateral token", testDollarAbi],
  ["markets", "Markets", marketsAbi],
  ["opinions", "Opinions", opinionsAbi],
  ["oracle", "Oracle", oracleAbi],
  ["outcomeTokens", "Outcome tokens", outcomeTokensAbi],
  ["stakeManager", "Stakes", stakeManagerAbi],
  ["feeds", "Feeds", feedsAbi],
  ["assertions", "Assertions", assertionsAbi],
  ["bundleHub", "The hub of bundles", bundleHubAbi],
  ["settler", "Settler", settlerAbi],
  ["escrow", "Escrow", escrowAbi],
];
/** What a selector alone says: a contract that somebody else wrote may mean anything by it. */
const STANDARDS: readonly [string, Abi][] = [
  ["a token (ERC-20)", erc20Abi],
  ["a token (ERC-721)", erc721Abi],
  ["wrapped coin", parseAbi(["function deposit() payable", "function withdraw(uint256 amount)"])],
];

/** The call by the ABI of its target, where that is known: of our own contracts by address, of others by selector. */
export function decodeCall(
  target: string,
  data: string,
  addresses: Network["addresses"],
): KnownCall | undefined {
  const own = OURS.find(([name]) => sameAddress(addresses[name] ?? "0x", target));
  const tried: (readonly [string, Abi])[] = own ? [[own[1], own[2]]] : [...STANDARDS];
  for (const [contract, abi] of tried) {
    try {
      const { functionName, args = [] } = decodeFunctionData({ abi, data: data as Hex });
      const item = abi.find(
        (one) => one.type === "function" && one.name === functionName && one.inputs.length === args.length,
      );
      const inputs = item?.type === "function" ? item.inputs : [];
      return {
        contract,
        name: functionName,
        args: args.map((value, index) => ({
          name: inputs[index]?.name || `argument ${index + 1}`,
          value: textOf(value),
        })),
      };
    } catch {
      // Another selector, or bytes that are no arguments of it: the next one may know it.
    }
  }
  return undefined;
}

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part))
    : String(value);
