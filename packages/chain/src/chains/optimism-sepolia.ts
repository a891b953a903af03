import { optimismSepolia as viem } from "viem/chains";
import type { ChainDefinition } from "./chain-definition.ts";
import { rollupMarks } from "./marks.ts";

export const optimismSepolia: ChainDefinition = {
  id: 11155420,
  name: "optimism-sepolia",
  role: "rollup",
  viem,
  // 64 blocks of the chain below (768 s) at 2 s each: until then a reorg below can take these blocks along.
  finality: { confirmations: 384 },
  marks: rollupMarks,
  blockSeconds: 2,
  pollMs: 2000,
  explorer: "https://sepolia-optimism.etherscan.io",
  nativeSymbol: "ETH",
};
