import type { Addresses, Chain } from "@sooth/chain";
import type { Logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import type { BundlesConfig } from "./config.ts";

export type Deps = {
  store: Store;
  hub: Chain;
  /** The other chains that legs may be on. */
  rollups: readonly Chain[];
  addresses: Addresses;
  config: BundlesConfig;
  log: Logger;
};

/** Legs run on the hub's chain too. */
export const chainsOf = ({ hub, rollups }: Pick<Deps, "hub" | "rollups">): readonly Chain[] => [
  hub,
  ...rollups,
];
