import { defineChain } from "viem";
import type { ChainDefinition } from "./chain-definition.ts";
import { localMarks } from "./marks.ts";

/** A chain of this machine: an anvil that mines each second. */
export function localChain(o: { id: number; name: string; role: "hub" | "rollup" }): ChainDefinition {
  return {
    ...o,
    viem: defineChain({
      id: o.id,
      name: o.name,
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [] } },
      // While viem looks whether a transaction was replaced, it passes over new blocks. On a node that mines a block for each
      // transaction the one passed over is the last, and the wait for its receipt never ends.
      supportsTransactionReplacementDetection: false,
    }),
    // Nothing on this machine is final by stake; as deep as the history that the follower keeps at least.
    finality: { confirmations: 128 },
    marks: localMarks,
    blockSeconds: 1,
    pollMs: 250,
    explorer: null,
    nativeSymbol: "ETH",
  };
}
