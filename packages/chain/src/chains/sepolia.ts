import { sepolia as viem } from "viem/chains";
import type { ChainDefinition } from "./chain-definition.ts";
import { ethereumMarks } from "./marks.ts";

export const sepolia: ChainDefinition = {
  id: 11155111,
  name: "sepolia",
  role: "hub",
  viem,
  // Two epochs of 32 slots: the checkpoint is then finalised by two thirds of the stake.
  finality: { confirmations: 64 },
  marks: ethereumMarks,
  blockSeconds: 12,
  pollMs: 4000,
  explorer: "https://sepolia.etherscan.io",
  nativeSymbol: "ETH",
};
