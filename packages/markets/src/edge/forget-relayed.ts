import { transactionStatus } from "@sooth/chain";
import { type Executor, rows, sql } from "@sooth/store";

/** How long the status of a relayed stake can be asked for, in seconds of the chain. */
const KEPT_SECONDS = 30 * 86_400;
/** After one block; the others wait for the next. */
const LIMIT = 1_000;
const DONE = new Set<string | undefined>(["mined", "final", "failed", undefined]);

/**
 * Deletes old rows of relayed stakes that have come to an end; whoever asks for one of them is told that it is unknown.
 * A stake is taken for an hour at most, so hardly any that is so old still waits.
 */
export async function forgetRelayed(db: Executor, now: number): Promise<void> {
  const old = await rows<{ id: string; key: string }>(
    db,
    sql`select id, outbox_key as key from markets.relayed where at < ${now - KEPT_SECONDS} order by at limit ${LIMIT}`,
  );
  const done: string[] = [];
  for (const { id, key } of old) if (DONE.has((await transactionStatus(db, key))?.status)) done.push(id);
  if (done.length > 0) await sql`delete from markets.relayed where id = any(${done}::text[])`.execute(db);
}
