import { gauge } from "@sooth/runtime";
import { keepSession, pause, type Session } from "./session.ts";
import type { Store } from "./store.ts";
import { asStoreError } from "./unreachable.ts";

// Asking again and again, not waiting inside the server: a waiting statement keeps a snapshot open, and with it every
// row version that died since, for as long as another process does well.
const ASK_MILLISECONDS = 1_000;
const leaseHeld = gauge("store_lease_held", "1 while this process holds the lease", ["lease"]);

/**
 * Runs `run` while this process alone holds `name` among all that use the database. Waits for its turn; when the
 * connection that holds the lease is lost, aborts `run` and waits again. Returns when `signal` aborts or `run` is
 * done. Errors of `run` are thrown, unless the database was away. `run` must end soon after its signal aborts.
 */
export async function withLease(
  store: Store,
  name: string,
  run: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await keepSession(store, `lease ${name}`, signal, async (session) => {
    if (!(await acquire(session, name, signal))) return "again";
    const mayRun = AbortSignal.any([signal, session.lost]);
    leaseHeld.set({ lease: name }, 1);
    try {
      await run(mayRun);
      return mayRun.aborted ? "again" : "done";
    } finally {
      leaseHeld.set({ lease: name }, 0);
    }
  });
}

/** False when it was told to stop, or the session broke, before its turn came. The lock ends with the session. */
async function acquire(session: Session, name: string, signal: AbortSignal): Promise<boolean> {
  const over = AbortSignal.any([signal, session.lost]);
  while (!over.aborted) {
    const { rows } = await session.client
      .query<{ held: boolean }>("select pg_try_advisory_lock(hashtextextended($1, 0)) as held", [
        `sooth lease ${name}`,
      ])
      .catch(asStoreError);
    if (rows[0]?.held) return true;
    await pause(ASK_MILLISECONDS, over);
  }
  return false;
}
