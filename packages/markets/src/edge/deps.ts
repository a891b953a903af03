import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { BeaconSource } from "@sooth/randomness";
import type { Logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import type { Analyst } from "./analyst/analyst.ts";
import type { MarketsConfig } from "./config.ts";

export type Deps = {
  store: Store;
  hub: Chain;
  addresses: Addresses;
  config: MarketsConfig;
  log: Logger;
  /** Whose label sheets are taken besides those of providers' keys. */
  watchers?: readonly Hex[];
  /** Who labels opinions for members of the committee, opened when one asks; none: this deployment labels nothing itself. */
  analysts?: () => Promise<readonly Analyst[]>;
};
/** For the keeper of opinion markets: besides, where signatures of rounds come from. */
export type OpinionDeps = Deps & { beacon: BeaconSource };
/** For what only reads rows and the clock. */
export type ReadDeps = Pick<Deps, "store" | "hub">;
