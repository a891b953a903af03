import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { HeldFeedReport } from "../../core/index.ts";

/** A provider's value for a moment, checked. The signer is lower-case, `receivedAt` chain time. */
export type StoredFeedReport = HeldFeedReport & {
  feed: Hex;
  signer: Hex;
  weight: bigint;
  receivedAt: number;
};

const columns = sql`feed, observed_at as "observedAt", epoch, signer, seat, weight, value, signature,
  received_at as "receivedAt"`;

type Key = Pick<StoredFeedReport, "feed" | "observedAt" | "epoch" | "signer">;

/** What this key handed over for a moment and epoch before. */
export const feedReportOf = (db: Executor, key: Key): Promise<StoredFeedReport | undefined> =>
  one(
    db,
    sql`select ${columns} from oracle.feed_reports where feed = ${key.feed} and observed_at = ${key.observedAt}
      and epoch = ${key.epoch} and signer = ${key.signer}`,
  );

/** False when this key handed one over meanwhile. */
export async function insertFeedReport(db: Executor, report: StoredFeedReport): Promise<boolean> {
  const stored = await one(
    db,
    sql`insert into oracle.feed_reports (feed, observed_at, epoch, signer, seat, weight, value, signature, received_at)
      values (${report.feed}, ${report.observedAt}, ${report.epoch}, ${report.signer}, ${report.seat},
        ${String(report.weight)}, ${String(report.value)}, ${report.signature}, ${report.receivedAt})
      on conflict do nothing returning signer`,
  );
  return stored !== undefined;
}

/** Keeps the proof that a key signed two values; the first such pair of a moment and epoch is enough. */
export async function keepFeedEquivocation(
  db: Executor,
  first: StoredFeedReport,
  second: { value: bigint; signature: string },
  seenAt: number,
): Promise<void> {
  await sql`insert into oracle.feed_equivocations (feed, observed_at, epoch, signer, first_value, first_signature,
      second_value, second_signature, seen_at)
    values (${first.feed}, ${first.observedAt}, ${first.epoch}, ${first.signer}, ${String(first.value)},
      ${first.signature}, ${String(second.value)}, ${second.signature.toLowerCase()}, ${seenAt})
    on conflict do nothing`.execute(db);
}

/** Of moments after `since`, by feed. */
export async function feedReportsSince(
  db: Executor,
  feeds: readonly string[],
  since: number,
): Promise<Map<string, StoredFeedReport[]>> {
  const found = await rows<StoredFeedReport>(
    db,
    sql`select ${columns} from oracle.feed_reports where feed = any(${feeds}::text[]) and observed_at > ${since}
      order by observed_at, seat`,
  );
  return Map.groupBy(found, ({ feed }) => feed);
}

/** Of the moment of each feed's newest value, by feed. */
export async function reportsOfNewest(
  db: Executor,
  feeds: readonly string[],
): Promise<Map<string, StoredFeedReport[]>> {
  const found = await rows<StoredFeedReport>(
    db,
    sql`select r.feed, r.observed_at as "observedAt", r.epoch, r.signer, r.seat, r.weight, r.value, r.signature,
        r.received_at as "receivedAt"
      from oracle.feed_reports r join oracle.feeds f on f.feed = r.feed and f.observed_at = r.observed_at
      where r.feed = any(${feeds}::text[])`,
  );
  return Map.groupBy(found, ({ feed }) => feed);
}

/** Of the newest moment that a quorum of the epoch's `totalWeight` reported, that epoch's; none: empty. */
export const reportsOfQuorum = (
  db: Executor,
  feed: string,
  { epoch, totalWeight }: { epoch: number; totalWeight: bigint },
): Promise<StoredFeedReport[]> =>
  rows(
    db,
    sql`select ${columns} from oracle.feed_reports where feed = ${feed} and epoch = ${epoch} and observed_at = (
        select observed_at from oracle.feed_reports where feed = ${feed} and epoch = ${epoch}
        group by observed_at having 3 * sum(weight) > 2 * ${String(totalWeight)}::numeric
        order by observed_at desc limit 1)
      order by seat`,
  );

/** The newest, for people. */
export const newestFeedReports = (db: Executor, feed: string, limit: number): Promise<StoredFeedReport[]> =>
  rows(
    db,
    sql`select ${columns} from oracle.feed_reports where feed = ${feed} order by observed_at desc, seat limit ${limit}`,
  );

/** Forgets what was handed over for moments before `before`; proofs of two values stay. */
export async function forgetFeedReports(db: Executor, feed: string, before: number): Promise<void> {
  await sql`delete from oracle.feed_reports where feed = ${feed} and observed_at < ${before}`.execute(db);
}
