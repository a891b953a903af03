import { Kysely, type PostgresPool, PostgresDialect, type RawBuilder, sql, type Transaction } from "kysely";
import { Pool, type PoolClient } from "pg";
import { exactTypes } from "./integers.ts";
import { countConnections, timedQuery, waitingFor } from "./pool-metrics.ts";
import { StoreError } from "./store-error.ts";
import { asStoreError } from "./unreachable.ts";

export type { Transaction } from "kysely";
/** The pool, or an open transaction: a query does not mind which. */
export type Executor = Kysely<unknown>;
export type Store = {
  db: Executor;
  pool: Pool;
  /** Commits what `run` did, or undoes all of it when it throws. */
  transaction<T>(run: (tx: Transaction<unknown>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};
export type StoreOptions = { url: string; max?: number; applicationName?: string };

const CONNECT_MILLISECONDS = 5_000;

/**
 * Opens a pool; connections are made when first needed, and anew after the database was away.
 * int8 reads as number (refused when unsafe), numeric as bigint when whole, bytea as Buffer, timestamptz as Date.
 * Queries throw store.unreachable, which may be retried, while the database is away.
 */
export function openStore(options: StoreOptions): Store {
  const pool = new Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "sooth",
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: exactTypes,
  });
  // A connection that breaks tells so by an event, which ends the process when nobody listens. The pool drops it by
  // itself, and whoever uses it is told by his query; there is nothing else to do here.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  countConnections(pool);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: withStoreErrors(pool) }) });
  return {
    db,
    pool,
    transaction: (run) => db.transaction().execute(run),
    // Ends the pool even when no query was ever made, which Kysely's own way does not.
    close: () => (pool.ended ? Promise.resolve() : pool.end()),
  };
}

/** All rows of a query: `rows<Due>(tx, sql`select ...`)`. @throws store.unreachable */
export async function rows<T>(db: Executor, query: RawBuilder<T>): Promise<T[]> {
  return (await query.execute(db)).rows;
}

/** The first row of a query. @throws store.unreachable */
export async function one<T>(db: Executor, query: RawBuilder<T>): Promise<T | undefined> {
  return (await query.execute(db)).rows[0];
}

/** Cancelled by the server, here for its time alone: nobody else cancels. Source: PostgreSQL, Appendix A. */
const CANCELLED = "57014";

/**
 * What strangers can make dear: each query of `run` is ended by the server after so long, and its connection is free again.
 * @throws store.too_slow, store.unreachable
 */
export async function withinTime<T>(
  store: Pick<Store, "transaction">,
  milliseconds: number,
  run: (tx: Transaction<unknown>) => Promise<T>,
): Promise<T> {
  try {
    return await store.transaction(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(milliseconds)}, true)`.execute(tx);
      return run(tx);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === CANCELLED)
      throw StoreError.too_slow({ milliseconds }, { cause: error });
    throw error;
  }
}

// Kysely keeps a note per client object, so a client must always come as the same object.
function withStoreErrors(pool: Pool): PostgresPool {
  const wrapped = new WeakMap<PoolClient, Awaited<ReturnType<PostgresPool["connect"]>>>();
  const wrap = (client: PoolClient) => {
    const known = wrapped.get(client);
    if (known) return known;
    const fresh = {
      connect: () => Promise.reject(new Error("a client of the pool is connected")),
      end: () => client.release(true),
      query: (text: string, values: unknown[]) =>
        timedQuery(text, () => client.query(text, values)).catch(asStoreError),
      release: (error?: Error | boolean) => client.release(error),
    } as unknown as Awaited<ReturnType<PostgresPool["connect"]>>;
    wrapped.set(client, fresh);
    return fresh;
  };
  return {
    options: pool.options,
    connect: async () => wrap(await waitingFor(() => pool.connect()).catch(asStoreError)),
    end: () => pool.end(),
  };
}
