import type { BlockRef } from "@sooth/chain";
import type { App } from "@sooth/runtime";
import type { MigrationSet } from "@sooth/store";
import { faultRoutes, SignedKeeper, sweepAttesters } from "./accuse/index.ts";
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
    const keeper = new SignedKeeper(deps.store.db, deps.log);
    app.addHook("onClose", () => keeper.flush());
    batchRoutes(app, openGatherings(deps, keeper), deps.config.BUNDLES_HOSTS);
    faultRoutes(app, deps);
  },
  async sweep({ store }: Deps, head: BlockRef): Promise<void> {
    await forgetUnopened(store.db, head.timestamp);
  },
  /** By a job of its own: figures, and what is held against attesters, hold nothing up. */
  async monitor(deps: Deps, head: BlockRef): Promise<void> {
    await tellBundleFigures(deps, head);
    await sweepAttesters(deps, head);
  },
  checks: bundlesChecks,
};
