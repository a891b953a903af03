export { sql } from "kysely";
export { withLease } from "./lease.ts";
export { listen } from "./listen.ts";
export {
  forgetLive,
  type LiveEvent,
  listenLive,
  LIVE_TOPICS,
  liveSince,
  newestLiveBlock,
  notifyLive,
  notifyLiveAll,
} from "./live.ts";
export { migrate, type MigrationSet, storeMigrations } from "./migrate.ts";
export { type DeadJob, type Depth, openQueue, type Queue, type SendOptions } from "./queue.ts";
export { dumpSchema } from "./schema-dump.ts";
export { StoreError } from "./store-error.ts";
export {
  type Executor,
  one,
  openStore,
  rows,
  type Store,
  type StoreOptions,
  type Transaction,
  withinTime,
} from "./store.ts";
