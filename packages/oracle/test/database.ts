import { chainMigrations } from "@sooth/chain";
import { migrate, openStore, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { oracle } from "../src/edge/slice.ts";

/** A store with the tables of chain and oracle, and how to be rid of it. */
export async function oracleStore(): Promise<{ store: Store; drop(): Promise<void> }> {
  const database = await testDatabase();
  const store = openStore({ url: database.url, max: 4 });
  await migrate(store, [chainMigrations, oracle.migrations]);
  return {
    store,
    drop: async () => {
      await store.close();
      await database.drop();
    },
  };
}
