import type { Network } from "../../api.ts";
import { useNetwork } from "../../shell/use-network.ts";

/** `local-rollup-a` → `Rollup A`, `base-sepolia` → `Base Sepolia`. */
export const chainTitle = (name: string): string =>
  name
    .replace(/^local-/, "")
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

export type ChainPlace = { chainId: number; title: string; isHub: boolean };

/** The hub first. */
export const chainsOf = ({ hub, rollups }: Network): ChainPlace[] => [
  { chainId: hub.chainId, title: chainTitle(hub.name), isHub: true },
  ...rollups.map(({ chainId, name }) => ({ chainId, title: chainTitle(name), isHub: false })),
];

/** What people call a chain; its number where this server does not name it. */
export function useChainTitle(): (chainId: number) => string {
  const chains = chainsOf(useNetwork());
  return (chainId) => chains.find((one) => one.chainId === chainId)?.title ?? `Chain ${chainId}`;
}
