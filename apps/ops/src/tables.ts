import type { Store } from "@sooth/store";
import { openTables } from "./checks/target.ts";

/** Runs with the deployment's tables open, and closes them whatever happens. */
export async function withTables(dataDir: string, run: (store: Store) => Promise<void>): Promise<number> {
  const store = openTables(dataDir);
  try {
    await run(store);
    return 0;
  } finally {
    await store.close();
  }
}
