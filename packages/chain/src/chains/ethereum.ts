import { mainnet as viem } from "viem/chains";
import type { ChainDefinition } from "./chain-definition.ts";
import { ethereumMarks } from "./marks.ts";

export const ethereum: ChainDefinition = {
  id: 1,
  name: "ethereum",
  role: "hub",
  viem,
  // Two epochs of 32 slots: the checkpoint is then finalised by two thirds of the stake.
  finality: { confirmations: 64 },
  marks: ethereumMarks,
  blockSeconds: 12,
  pollMs: 4000,
  explorer: "https://etherscan.io",
  nativeSymbol: "ETH",
};
