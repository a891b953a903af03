import type { BlockRef } from "@sooth/chain";
import type { App } from "@sooth/runtime";
import type { MigrationSet } from "@sooth/store";
import { marketsChecks } from "./checks.ts";
import { marketsConfig } from "./config.ts";
import type { Deps } from "./deps.ts";
import { forgetRelayed } from "./forget-relayed.ts";
import { sweepHeld } from "./held-positions.ts";
import { sweep } from "./keeper.ts";
import { marketsLogHandlers } from "./logs/index.ts";
import { previewTags } from "./preview-tags.ts";
import { openReadCache } from "./read-cache.ts";
import { marketRoutes } from "./routes/market-routes.ts";
import { traderRoutes } from "./routes/trader-routes.ts";

const migrations: MigrationSet = { slice: "markets", folder: new URL("../../migrations/", import.meta.url) };

/** The markets as a part of the server. */
export const markets = {
  name: "markets",
  config: marketsConfig,
  migrations,
  logHandlers: marketsLogHandlers,
  routes(app: App, deps: Deps): void {
    const cache = openReadCache(app, deps.store);
    marketRoutes(app, deps, cache);
    traderRoutes(app, deps, cache);
  },
  async sweep(deps: Deps, head: BlockRef): Promise<void> {
    await sweep(deps, head);
    await sweepHeld(deps, head);
    await forgetRelayed(deps.store.db, head.timestamp);
  },
  checks: marketsChecks,
  previewTags,
};
