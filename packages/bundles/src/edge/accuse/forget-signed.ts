import { counter } from "@sooth/runtime";
import { type Executor, rows, sql, type Store } from "@sooth/store";

const forgotten = counter(
  "bundles_signed_forgotten_total",
  "Batches signed by attesters that were forgotten: said by the same keys elsewhere too, or signed too long ago to cost a stake",
);

/** Facts forgotten in one transaction of the database, and in one sweep. */
const AT_ONCE = 1_000;
const IN_A_SWEEP = 20_000;

/**
 * Forgets of these batches whatever nothing needs: compared, judged, no fact of it the first that its keys said, and part of no
 * fault. Whoever calls holds them locked.
 */
export async function forgetIdle(tx: Executor, ids: readonly number[]): Promise<void> {
  const gone = await rows(
    tx,
    sql`delete from bundles.signed_batches b where b.id = any(${ids}::bigint[])
        and b.compared and b.judged_hub and b.judged_legs
        and not exists (select 1 from bundles.said s where s.batch = b.id)
        and not exists (select 1 from bundles.faults f where f.batch = b.id)
        and not exists (select 1 from bundles.faults f where f.other_batch = b.id)
      returning b.id`,
  );
  forgotten.inc(gone.length);
}

/**
 * Forgets what was signed for a time that ended before `before`, Unix seconds, and was not signed again since. What speaks against
 * somebody stays, for it is the proof.
 */
export async function forgetSigned(store: Store, before: number): Promise<void> {
  for (let looked = 0; looked < IN_A_SWEEP; looked += AT_ONCE) {
    const count = await store.transaction(async (tx) => {
      // One that is being written is left for another time.
      const old = await rows<{ id: number }>(
        tx,
        sql`select b.id from bundles.signed_batches b
          where b.id in (select batch from bundles.said where until < ${before} order by until limit ${AT_ONCE})
          order by b.id for update skip locked`,
      );
      const ids = old.map(({ id }) => id);
      const said = await rows(
        tx,
        sql`delete from bundles.said where batch = any(${ids}::bigint[]) and until < ${before} returning 1`,
      );
      await forgetIdle(tx, ids);
      return said.length;
    });
    if (count < AT_ONCE) return;
  }
}
