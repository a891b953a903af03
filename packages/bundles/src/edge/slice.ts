import type { BlockRef } from "@sooth/chain";
import type { App, Check } from "@sooth/runtime";
import type { MigrationSet } from "@sooth/store";
import { bundlesConfig } from "./config.ts";
import type { Deps } from "./deps.ts";
import { hubLogHandlers, legLogHandlers } from "./logs/index.ts";

const migrations: MigrationSet = { slice: "bundles", folder: new URL("../../migrations/", import.meta.url) };

/** Bundles as a part of the server: what chains say of them becomes rows, and rows become what is shown. */
export const bundles = {
  name: "bundles",
  config: bundlesConfig,
  migrations,
  logHandlers: hubLogHandlers,
  rollupLogHandlers: legLogHandlers,
  routes(_app: App, _deps: Deps): void {},
  async sweep(_deps: Deps, _head: BlockRef): Promise<void> {},
  checks: (_deps: Deps): Check[] => [],
};
