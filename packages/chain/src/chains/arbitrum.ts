import { arbitrum as viem } from "viem/chains";
import type { ChainDefinition } from "./chain-definition.ts";
import { rollupMarks } from "./marks.ts";

export const arbitrum: ChainDefinition = {
  id: 42161,
  name: "arbitrum",
  role: "rollup",
  viem,
  // 64 blocks of the chain below (768 s) at 0.25 s each: until then a reorg below can take these blocks along.
  finality: { confirmations: 3072 },
  marks: rollupMarks,
  blockSeconds: 0.25,
  pollMs: 1000,
  explorer: "https://arbiscan.io",
  nativeSymbol: "ETH",
};
