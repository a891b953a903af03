import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, counter, gauge } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";

const forgotten = counter("content_forgotten_total", "Texts forgotten because no stake named them in time");
const used = gauge(
  "content_room_used_ratio",
  "Bytes of opinions that came within a day, of those that are taken in one",
);
export const roomAlert = alert({
  id: "content.room_short",
  severity: "ticket",
  forSeconds: 600,
  when: `${used.metric} > 0.8`,
  runbook: "docs/runbooks/markets.md#room-for-texts-is-short",
});

/** A signed stake is good for an hour at most, and who writes stakes within minutes. */
const KEPT_SECONDS = 86_400;
/** Where room is short: still longer than any stake takes. */
const KEPT_SECONDS_IF_SHORT = 7_200;
/** From which part of a day's room on it is. */
const SHORT = 0.5;
/** After one block; the others wait for the next. */
const LIMIT = 500;

/**
 * Forgets texts of opinions that nobody staked with within a day of bringing them, or two hours where half of a day's room is taken, so
 * that texts which cost nothing do not keep out those that somebody stakes with; here and where we had them pinned; brought
 * again, they are taken again. Never one that a stake names: both by our clock and by that of the last block that was followed that
 * time has gone by, so a follower that lags forgets nothing.
 */
export async function forgetUnstaked(
  store: Store,
  { timestamp }: Pick<BlockRef, "timestamp">,
  bytesPerDay: number,
): Promise<number> {
  const day = await one<{ bytes: number }>(
    store.db,
    sql`select coalesce(sum(size), 0)::bigint as bytes from markets.contents
      where at > now() - interval '1 day' and kind = 'opinion'`,
  );
  const ratio = (day?.bytes ?? 0) / bytesPerDay;
  used.set(ratio);
  const kept = ratio > SHORT ? KEPT_SECONDS_IF_SHORT : KEPT_SECONDS;
  return store.transaction(async (tx) => {
    const old = await rows<{ sha256: Hex; named: boolean }>(
      tx,
      sql`select c.sha256, exists (select 1 from markets.opinions o where o.opinion = c.sha256) as named
        from markets.contents c
        where c.kind = 'opinion' and c.bytes is not null and not c.named
          and c.at < least(now(), to_timestamp(${timestamp})) - make_interval(secs => ${kept})
        order by c.at limit ${LIMIT} for update skip locked`,
    );
    if (old.length === 0) return 0;
    const hashes = (named: boolean) => old.filter((text) => text.named === named).map(({ sha256 }) => sha256);
    await sql`update markets.contents set named = true where sha256 = any(${hashes(true)}::text[])`.execute(
      tx,
    );
    // A stake may have been followed since they were looked up.
    const unstaked = await rows<{ sha256: Hex }>(
      tx,
      sql`delete from markets.contents c where c.sha256 = any(${hashes(false)}::text[])
        and not exists (select 1 from markets.opinions o where o.opinion = c.sha256) returning c.sha256`,
    );
    await sql`update markets.pins set wanted = false, state = 'waiting', failed = 0, error = null, next_at = now()
      where sha256 = any(${unstaked.map(({ sha256 }) => sha256)}::text[]) and wanted`.execute(tx);
    forgotten.inc(unstaked.length);
    return unstaked.length;
  });
}
