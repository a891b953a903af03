import { ChainError } from "../chain-error.ts";
import { arbitrumSepolia } from "./arbitrum-sepolia.ts";
import { arbitrum } from "./arbitrum.ts";
import { baseSepolia } from "./base-sepolia.ts";
import { base } from "./base.ts";
import type { ChainDefinition } from "./chain-definition.ts";
import { ethereum } from "./ethereum.ts";
import { localHub } from "./local-hub.ts";
import { localRollupA } from "./local-rollup-a.ts";
import { localRollupB } from "./local-rollup-b.ts";
import { optimismSepolia } from "./optimism-sepolia.ts";
import { optimism } from "./optimism.ts";
import { polygonAmoy } from "./polygon-amoy.ts";
import { polygon } from "./polygon.ts";
import { sepolia } from "./sepolia.ts";

export type { ChainDefinition, Lag } from "./chain-definition.ts";
export {
  arbitrum,
  arbitrumSepolia,
  base,
  baseSepolia,
  ethereum,
  localHub,
  localRollupA,
  localRollupB,
  optimism,
  optimismSepolia,
  polygon,
  polygonAmoy,
  sepolia,
};

export const chains: readonly ChainDefinition[] = [
  localHub,
  localRollupA,
  localRollupB,
  sepolia,
  arbitrumSepolia,
  optimismSepolia,
  baseSepolia,
  polygonAmoy,
  ethereum,
  polygon,
  arbitrum,
  optimism,
  base,
];

/** Chains of this machine: test keys, test money. */
export const isLocal = (id: number): boolean => id >= localHub.id && id <= localRollupB.id;

/** @throws chain.unknown */
export function chainById(id: number): ChainDefinition {
  const found = chains.find((chain) => chain.id === id);
  if (!found) throw ChainError.unknown({ chainId: id, known: chains.map((chain) => chain.id) });
  return found;
}
