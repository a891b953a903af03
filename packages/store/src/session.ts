import { setTimeout as sleep } from "node:timers/promises";
import { logger } from "@sooth/runtime";
import { Client } from "pg";
import type { Store } from "./store.ts";
import { asStoreError } from "./unreachable.ts";

/** A connection of its own, for what lives as long as a connection: a lock, a subscription. */
export type Session = {
  client: Client;
  /** Aborts when the connection broke or stopped answering. */
  lost: AbortSignal;
  end(): Promise<void>;
};

const HEARTBEAT_MILLISECONDS = 5_000;
const FIRST_WAIT_MILLISECONDS = 200;
const LONGEST_WAIT_MILLISECONDS = 5_000;
const log = logger("store");

/** @throws store.unreachable */
export async function openSession(store: Store, purpose: string): Promise<Session> {
  const client = new Client({ ...store.pool.options, application_name: `sooth-${purpose}`.slice(0, 63) });
  const lost = new AbortController();
  client.on("error", (error) => lost.abort(error));
  client.on("end", () => lost.abort(new Error("the connection was closed")));
  await client.connect().catch(asStoreError);
  return {
    client,
    lost: lost.signal,
    end: async () => {
      // A connection that is broken already refuses to be ended; either way it is gone.
      await client.end().catch(() => {});
    },
  };
}

/**
 * Gives `use` a session, and another one each time the session was lost, until `signal` aborts or `use` says "done".
 * While the database is away it tries again, ever more slowly, up to every 5 s. Other errors of `use` are thrown.
 */
export async function keepSession(
  store: Store,
  purpose: string,
  signal: AbortSignal,
  use: (session: Session) => Promise<"done" | "again">,
): Promise<void> {
  let wait = FIRST_WAIT_MILLISECONDS;
  while (!signal.aborted) {
    const outcome = await oneSession(store, purpose, signal, async (session) => {
      wait = FIRST_WAIT_MILLISECONDS;
      return use(session);
    });
    if (outcome === "done") return;
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLISECONDS);
  }
}

async function oneSession(
  store: Store,
  purpose: string,
  signal: AbortSignal,
  use: (session: Session) => Promise<"done" | "again">,
): Promise<"done" | "again"> {
  let session: Session | undefined;
  const watch = new AbortController();
  try {
    session = await openSession(store, purpose);
    void heartbeat(session, watch.signal);
    return await use(session);
  } catch (error) {
    const away = session?.lost.aborted || (error as { code?: unknown }).code === "store.unreachable";
    if (!away && !signal.aborted) throw error;
    if (!isAbort(error)) log.warn({ purpose, err: error }, "lost a session of the database");
    return "again";
  } finally {
    watch.abort();
    await session?.end();
  }
}

// A network that swallows packets tells nobody. Asking is the only way to know.
async function heartbeat({ client, lost, end }: Session, over: AbortSignal): Promise<void> {
  const ended = AbortSignal.any([lost, over]);
  for (;;) {
    await pause(HEARTBEAT_MILLISECONDS, ended);
    if (ended.aborted) return;
    const answered = await Promise.race([
      client.query("select 1").then(
        () => true,
        () => false,
      ),
      sleep(HEARTBEAT_MILLISECONDS, false, { ref: false }),
    ]);
    // Ending with a query under way cuts the connection at once, which tells `lost`.
    if (!answered) await end();
  }
}

const isAbort = (error: unknown): boolean => (error as Error).name === "AbortError";

/** Waits, but not past the abort. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
