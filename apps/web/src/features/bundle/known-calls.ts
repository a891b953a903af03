import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
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

const OURS: readonly [keyof Network["addresses"], MessageDescriptor, Abi][] = [
  ["collateral", msg`the collateral token`, testDollarAbi],
  ["markets", msg`Markets`, marketsAbi],
  ["opinions", msg`Opinions`, opinionsAbi],
  ["oracle", msg`Oracle`, oracleAbi],
  ["outcomeTokens", msg`Outcome tokens`, outcomeTokensAbi],
  ["stakeManager", msg`Stakes`, stakeManagerAbi],
  ["feeds", msg`Feeds`, feedsAbi],
  ["assertions", msg`Assertions`, assertionsAbi],
  ["bundleHub", msg`The hub of bundles`, bundleHubAbi],
  ["settler", msg`Settler`, settlerAbi],
  ["escrow", msg`Escrow`, escrowAbi],
];
/** What a selector alone says: a contract that somebody else wrote may mean anything by it. */
const STANDARDS: readonly [MessageDescriptor, Abi][] = [
  [msg`a token (ERC-20)`, erc20Abi],
  [msg`a token (ERC-721)`, erc721Abi],
  [msg`wrapped coin`, parseAbi(["function deposit() payable", "function withdraw(uint256 amount)"])],
];

/** The call by the ABI of its target, where that is known: of our own contracts by address, of others by selector. */
export function decodeCall(
  target: string,
  data: string,
  addresses: Network["addresses"],
): KnownCall | undefined {
  const own = OURS.find(([name]) => sameAddress(addresses[name] ?? "0x", target));
  const tried: (readonly [MessageDescriptor, Abi])[] = own ? [[own[1], own[2]]] : [...STANDARDS];
  for (const [contract, abi] of tried) {
    const found = readCall(contract, abi, data);
    if (found) return found;
  }
  return undefined;
}
