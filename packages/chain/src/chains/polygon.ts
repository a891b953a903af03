import { polygon as viem } from "viem/chains";
import type { ChainDefinition } from "./chain-definition.ts";
import { polygonMarks } from "./marks.ts";

export const polygon: ChainDefinition = {
  id: 137,
  name: "polygon",
  role: "rollup",
  viem,
  // The deepest reorg on record is 157 blocks (February 2023); milestones have made them shorter since.
  finality: { confirmations: 256 },
  marks: polygonMarks,
  blockSeconds: 2,
  pollMs: 2000,
  explorer: "https://polygonscan.com",
  nativeSymbol: "POL",
};
