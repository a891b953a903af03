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
import { type Abi, erc20Abi, erc721Abi, parseAbi } from "viem";
import type { Network } from "../../api.ts";
import { type KnownCall, readCall } from "./known-call.ts";

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
    const found = readCall(contract, abi, data);
    if (found) return found;
  }
  return undefined;
}
