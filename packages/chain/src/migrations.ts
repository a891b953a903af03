import type { MigrationSet } from "@sooth/store";

/** Schema `chain`: blocks, cursors, undo, outbox, and `chain.track(regclass)` for tables fed by logs. */
export const chainMigrations: MigrationSet = {
  slice: "chain",
  folder: new URL("../migrations/", import.meta.url),
};
