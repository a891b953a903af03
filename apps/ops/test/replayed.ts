import { type Addresses, type Chain, followChain, followedHead } from "@sooth/chain";
import { MIGRATIONS, SLICES } from "@sooth/server";
import { type Executor, migrate, openStore, rows, sql, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";

/** Every row of every table that is fed by logs, by the table's name. */
export type Tables = Record<string, unknown[]>;
type Hub = { chain: Chain; addresses: Addresses; startBlock: number };

export async function tablesOf(db: Executor): Promise<Tables> {
  const tracked = await rows<{ name: string }>(
    db,
    sql`select t.tgrelid::regclass::text as name from pg_trigger t where t.tgname = 'sooth_undo' order by 1`,
  );
  const tables: Tables = {};
  for (const { name } of tracked) {
    const found = await rows<{ row: unknown }>(
      db,
      sql`select to_jsonb(t) as row from ${sql.raw(name)} t order by to_jsonb(t)::text`,
    );
    tables[name] = found.map(({ row }) => row);
  }
  return tables;
}

/** Follows the chain into this store until the function that is given back is called. */
export function follow(store: Store, { chain, addresses, startBlock }: Hub): () => Promise<void> {
  const stop = new AbortController();
  const handlers = SLICES.flatMap((slice) => slice.logHandlers(addresses));
  const done = followChain({ store, chain, fromBlock: startBlock, handlers, signal: stop.signal });
  done.catch(() => stop.abort());
  return () => {
    stop.abort();
    return done;
  };
}

/** Waits until the store stands at the chain's head, by hash. */
export async function caughtUp(store: Store, chain: Chain): Promise<void> {
  const deadline = performance.now() + 180_000;
  for (;;) {
    const [at, head] = await Promise.all([
      followedHead(store.db, chain.definition.id),
      chain.client.getBlock({ blockTag: "latest" }),
    ]);
    if (at?.hash === head.hash) return;
    if (performance.now() > deadline)
      throw new Error(`the rows are at ${at?.number}, the chain at ${head.number}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A database of its own with all tables. */
export async function openTables(): Promise<{ url: string; store: Store; close(): Promise<void> }> {
  const database = await testDatabase();
  const store = openStore({ url: database.url, max: 5 });
  await migrate(store, MIGRATIONS);
  const close = async () => {
    await store.close();
    await database.drop();
  };
  return { url: database.url, store, close };
}

/** The tables as who reads the chain for the first time now makes them. */
export async function replayed(hub: Hub): Promise<Tables> {
  const { store, close } = await openTables();
  const stop = follow(store, hub);
  try {
    await caughtUp(store, hub.chain);
    return await tablesOf(store.db);
  } finally {
    await stop();
    await close();
  }
}
