import { arbitrumSepolia as viem } from "viem/chains";
import type { ChainDefinition } from "./chain-definition.ts";
import { rollupMarks } from "./marks.ts";

export const arbitrumSepolia: ChainDefinition = {
  id: 421614,
  name: "arbitrum-sepolia",
  role: "rollup",
  viem,
  // 64 blocks of the chain below (768 s) at 0.25 s each: until then a reorg below can take these blocks along.
  finality: { confirmations: 3072 },
  marks: rollupMarks,
  blockSeconds: 0.25,
  pollMs: 1000,
  explorer: "https://sepolia.arbiscan.io",
  nativeSymbol: "ETH",
};
