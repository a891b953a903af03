import { counter, gauge, histogram, logger } from "@sooth/runtime";
import type { Pool } from "pg";

const connections = gauge("store_connections", "Connections of this process to the database");
const most = gauge("store_connections_most", "How many connections this process may have at once");
const inUse = gauge("store_connections_in_use", "Connections that a query or a transaction holds");
const waiting = gauge("store_connections_waiting", "Queries and transactions that wait for a connection");
const querySeconds = histogram("store_query_seconds", "Until the database answered a query");
const slow = counter("store_slow_queries_total", "Queries that took longer than half a second");

const SLOW_SECONDS = 0.5;
/** Of a slow query's text, for the log; its values stand elsewhere and are not told. */
const MOST_WORDS = 300;
const log = logger("store");

/** Counts what the pool tells of its connections, until it has ended. */
export function countConnections(pool: Pool): void {
  pool.on("connect", () => connections.inc());
  pool.on("remove", () => connections.dec());
  pool.on("acquire", () => inUse.inc());
  pool.on("release", () => inUse.dec());
  most.inc(pool.options.max);
  const end = pool.end.bind(pool);
  pool.end = (async () => {
    await end();
    most.dec(pool.options.max);
  }) as typeof pool.end;
}

/** Counts who waits while he does. */
export async function waitingFor<T>(connect: () => Promise<T>): Promise<T> {
  waiting.inc();
  try {
    return await connect();
  } finally {
    waiting.dec();
  }
}

export async function timedQuery<T>(text: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await run();
  } finally {
    const seconds = (performance.now() - began) / 1000;
    querySeconds.observe(seconds);
    if (seconds > SLOW_SECONDS) {
      slow.inc();
      log.info({ seconds, query: text.slice(0, MOST_WORDS) }, "a query was slow");
    }
  }
}
