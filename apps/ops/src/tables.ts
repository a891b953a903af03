import type { Store } from "@sooth/store";
import { z } from "zod";
import { openTables } from "./checks/target.ts";

/** What every command on a deployment's tables takes. */
export const tableArgs = {
  json: z.boolean().default(false).describe("one JSON value, nothing else"),
  dataDir: z
    .string()
    .default(".sooth")
    .describe("data folder of the network on this machine, unless DATABASE_URL names another"),
};

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
