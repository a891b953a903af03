import { sql } from "kysely";
import { aborted, keepSession } from "./session.ts";
import type { Executor, Store } from "./store.ts";
import { asStoreError } from "./unreachable.ts";

/** Tells whoever listens to `channel`, in this order, once `tx` commits, and nobody when it does not. Each below 8000 bytes. */
export async function notifyAll(tx: Executor, channel: string, payloads: readonly string[]): Promise<void> {
  await sql`select pg_notify(${channel}, payload) from unnest(${[...payloads]}::text[]) payload`.execute(tx);
}

/**
 * Calls `onNotice` for every notice until `signal` aborts, then returns. Listens again by itself after the database was
 * away; what was told meanwhile is not told again, and `onRelisten` says that something may have been missed.
 */
export async function listen(
  store: Store,
  channel: string,
  signal: AbortSignal,
  { onNotice, onRelisten }: { onNotice: (payload: string) => void; onRelisten?: () => void },
): Promise<void> {
  let before = false;
  await keepSession(store, `listen ${channel}`, signal, async ({ client, lost }) => {
    client.on("notification", ({ payload }) => onNotice(payload ?? ""));
    await client.query(`listen ${client.escapeIdentifier(channel)}`).catch(asStoreError);
    if (before) onRelisten?.();
    before = true;
    await aborted(AbortSignal.any([lost, signal]));
    return "again";
  });
}
