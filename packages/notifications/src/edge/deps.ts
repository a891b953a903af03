import type { Chain } from "@sooth/chain";
import type { Logger } from "@sooth/runtime";
import type { SessionsConfig } from "@sooth/sessions";
import type { Store } from "@sooth/store";
import type { NotificationsConfig } from "./config.ts";

export type Deps = {
  store: Store;
  hub: Chain;
  config: NotificationsConfig & Partial<SessionsConfig>;
  log: Logger;
};

/** Unix seconds by this machine: letters and links have nothing to do with a chain. */
export const serverTime = (): number => Math.floor(Date.now() / 1000);
