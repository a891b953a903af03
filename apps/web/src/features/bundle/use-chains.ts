import { t } from "@lingui/core/macro";
import type { Network } from "../../api.ts";
import { useNetwork } from "../../shell/use-network.ts";

/** `local-rollup-a` → `Rollup A`, `base-sepolia` → `Base Sepolia`. */
export const chainTitle = (name: string): string =>
  name
    .replace(/^local-/, "")
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

export type ChainPlace = {
  chainId: number;
  title: string;
  isHub: boolean;
  explorer: string | null;
  /** Symbol of what gas is paid in. */
  coin: string;
  /** Whether the page can read there without a wallet. */
  isOpen: boolean;
};

/** The hub first. */
export const chainsOf = ({ hub, rollups }: Network): ChainPlace[] => [
  { ...placeOf(hub), isHub: true },
  ...rollups.map((rollup) => ({ ...placeOf(rollup), isHub: false })),
];

const placeOf = ({ chainId, name, explorer, coin, rpcUrl }: Network["rollups"][number]) => ({
  chainId,
  title: chainTitle(name),
  explorer,
  coin,
  isOpen: rpcUrl !== null && rpcUrl !== "",
});

/** Of the hub where no chain is named. */
export function useChain(): (chainId?: number) => ChainPlace | undefined {
  const chains = chainsOf(useNetwork());
  return (chainId) => chains.find((one) => (chainId === undefined ? one.isHub : one.chainId === chainId));
}

/** What people call a chain; its number where this server does not name it. */
export function useChainTitle(): (chainId: number) => string {
  const chains = chainsOf(useNetwork());
  return (chainId) => chains.find((one) => one.chainId === chainId)?.title ?? t`Chain ${chainId}`;
}
