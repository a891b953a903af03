import type { MigrationSet } from "@sooth/store";
import { sessionsConfig } from "./config.ts";
import { type Deps, serverTime } from "./deps.ts";
import { sessionRoutes } from "./routes.ts";
import { forgetExpired } from "./store.ts";

const migrations: MigrationSet = { slice: "sessions", folder: new URL("../../migrations/", import.meta.url) };

/** Who is signed in, as a part of the server. It follows no contract: wallets sign for it, and nothing else. */
export const sessions = {
  name: "sessions",
  config: sessionsConfig,
  migrations,
  logHandlers: () => [],
  routes: sessionRoutes,
  sweep: async (): Promise<void> => {},
  monitor: ({ store }: Pick<Deps, "store">): Promise<void> => forgetExpired(store.db, serverTime()),
  checks: () => [],
};
