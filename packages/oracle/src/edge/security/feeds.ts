import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";

/** A feed as the logs tell it. */
export type StoredFeed = {
  feed: Hex;
  domain: number;
  /** Of values. */
  decimals: number;
  value: bigint | null;
  observedAt: number | null;
  /** Since when a refused jump holds it up, and what was refused; null: nothing does. */
  haltedAt: number | null;
  refused: bigint | null;
  /** From when on it is, or will be, stale; null before the first value. */
  staleAt: number | null;
};

/** Those that stand still first, then the newest values. */
export const listFeeds = (db: Executor, now: number, limit: number): Promise<StoredFeed[]> =>
  rows(
    db,
    sql`select feed, domain, decimals, value, observed_at as "observedAt", halted_at as "haltedAt", refused,
        stale_at as "staleAt"
      from oracle.feeds order by (halted_at is not null or coalesce(stale_at <= ${now}, false)) desc,
        observed_at desc nulls last, feed limit ${limit}`,
  );
