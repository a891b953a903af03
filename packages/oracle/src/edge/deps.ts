import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import type { LocalAccount } from "viem";
import type { OracleConfig } from "./config.ts";
import type { FeedsConfig } from "./feeds/config.ts";
import type { Spoken } from "./take-up.ts";

export type WorkerDeps = {
  store: Store;
  hub: Chain;
  addresses: Addresses;
  /** Of feeds none are told where it names none. */
  config: OracleConfig & Partial<FeedsConfig>;
  log: Logger;
};

export type ApiDeps = WorkerDeps & {
  /** Who rests on a question, if the server runs anything that does. The oracle itself may not look there. */
  marketsOf?: (question: Hex) => Promise<Hex[]>;
  /** Whose findings are taken besides those of providers' keys; lower case. */
  watchers?: readonly Hex[];
  /** Signs what the gateway says. Without it the gateway says nothing. */
  gatewayKey?: LocalAccount;
  /** Has the worker take up now what a quorum has spoken of; without it the sweep of the next block sees it. */
  takeUpSoon?: (spoken: Spoken) => Promise<void>;
};
