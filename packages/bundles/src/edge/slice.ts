import type { BlockRef } from "@sooth/chain";
import type { App } from "@sooth/runtime";
import type { MigrationSet } from "@sooth/store";
import { batchRoutes, openGatherings } from "./batches/index.ts";
import { bundlesChecks } from "./checks.ts";
import { bundlesConfig } from "./config.ts";
import type { Deps } from "./deps.ts";
import { tellBundleFigures } from "./figures.ts";
import { hubLogHandlers, rollupLogHandlers } from "./logs/index.ts";
import { forgetUnopened } from "./payloads.ts";
import { bundleRoutes } from "./routes/bundle-routes.ts";

const migrations: MigrationSet = { slice: "bundles", folder: new URL("../../migrations/", import.meta.url) };

/** Bundles as a part of the server: what chains say of them becomes rows, and rows become what is shown. */
export const bundles = {
  name: "bundles",
  config: bundlesConfig,
  migrations,
  logHandlers: hubLogHandlers,
  rollupLogHandlers,
  routes(app: App, deps: Deps): void {
    bundleRoutes(app, deps);
    batchRoutes(app, openGatherings(deps), deps.config.BUNDLES_HOSTS);
  },
  async sweep({ store }: Deps, head: BlockRef): Promise<void> {
    await forgetUnopened(store.db, head.timestamp);
  },
  /** By a job of its own: figures hold nothing up. */
  monitor: tellBundleFigures,
  checks: bundlesChecks,
};
