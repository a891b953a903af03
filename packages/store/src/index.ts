export { sql } from "kysely";
export { storeMigrations, migrate, type MigrationSet } from "./migrate.ts";
export { StoreError } from "./store-error.ts";
export {
  type Executor,
  one,
  openStore,
  rows,
  type Store,
  type StoreOptions,
  type Transaction,
} from "./store.ts";
