import { histogram } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import { UNOPENED } from "./record.ts";

const completion = histogram(
  "bundles_completion_seconds",
  "From a bundle's opening until it was decided and nothing of it was held or to be undone; a reorg counts again",
  ["mode", "outcome"],
  [1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600, 21_600],
);

/**
 * Observes those of these bundles of which nothing is left to be done but to pay fees. Asked after each log that may be a bundle's
 * last: chains are read each by itself, so a decision may be seen before what follows from it, or after. What nobody opened began
 * as it ended.
 */
export async function observeCompleted(tx: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const done = await rows<{ mode: string; outcome: string; seconds: number }>(
    tx,
    sql`select b.mode, b.outcome, (greatest(b.decided_at, h.at, r.at) - b.opened_at)::int as seconds
      from bundles.bundles b
      cross join lateral (select max(at) as at, count(*) as legs, count(*) filter (where state = 'held') as open
        from bundles.held where b.mode = 'escrowed' and bundle = b.id) h
      cross join lateral (select max(at) as at, count(*) as legs from bundles.receipts
        where b.mode = 'ordered' and b.outcome = 'aborted' and by = 'settler'
          and ordinal >= b.base and ordinal < b.base + b.legs) r
      where b.id = any(${[...new Set(ids)]}::text[]) and b.outcome <> 'open' and not ${UNOPENED}
        and case when b.mode = 'escrowed' then h.open = 0 and (b.outcome = 'aborted' or h.legs = b.legs)
          else b.outcome = 'committed' or r.legs = b.legs end`,
  );
  for (const { mode, outcome, seconds } of done) completion.observe({ mode, outcome }, seconds);
}
