import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  feedFields,
  type FeedSchema,
  type FirstParty,
  type LastTold,
  readFeedSchema,
  VALUES_SCHEME,
} from "../../core/index.ts";
import type { FeedsConfig } from "./config.ts";

/** A feed as the logs tell it. Times are unix seconds. */
export type KnownFeed = {
  id: Hex;
  /** Null: none was logged that programs can act on. */
  schema: FeedSchema | null;
  /** Null before the first value. */
  last: (LastTold & { round: number }) | null;
  refused: bigint | null;
  /** Chain time at which it was refused. */
  refusedAt: number | null;
  /** What it is held against. */
  secondary: Hex | null;
  /** Who tells it alone; null: providers do. */
  owner: FirstParty | null;
};

type Row = {
  signer: Hex | null;
  template: Hex | null;
  feed: Hex;
  schema: string | null;
  value: bigint | null;
  observedAt: number | null;
  haltedAt: number | null;
  refused: bigint | null;
  secondary: Hex | null;
  round: number | null;
};

const select = sql`select feed, signer, template, schema, value, observed_at as "observedAt", halted_at as "haltedAt", refused, secondary,
    (select max(round) from oracle.feed_values v where v.feed = f.feed) as round from oracle.feeds f`;

const knownOf = ({ feed, schema, value, observedAt, haltedAt, refused, round, ...row }: Row): KnownFeed => ({
  id: feed,
  owner: row.signer !== null && row.template !== null ? { signer: row.signer, template: row.template } : null,
  schema: schema === null ? null : readFeedSchema(feed, schema),
  last:
    value === null || observedAt === null
      ? null
      : { value, observedAt, isHalted: haltedAt !== null, round: round ?? 0 },
  refused,
  refusedAt: haltedAt,
  secondary: row.secondary,
});

export async function feedById(db: Executor, id: string): Promise<KnownFeed | undefined> {
  const row = await one<Row>(db, sql`${select} where feed = ${id.toLowerCase()}`);
  return row && knownOf(row);
}

/** In the order of their ids, behind `after`. */
export const pageOfFeeds = async (db: Executor, after: string, limit: number): Promise<KnownFeed[]> =>
  (await rows<Row>(db, sql`${select} where feed > ${after} order by feed limit ${limit}`)).map(knownOf);

const hexDigits = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

const MOST = 16;
/** Seconds. Whoever creates a feed does not pay for its updates. */
const SHORTEST_HEARTBEAT = 30;

/** Whether a node tells feeds of this scheme: of own values, or of one key. The others are tools of who uses them. */
const isTellable = ({ id, schema, owner }: KnownFeed): boolean =>
  schema !== null && (feedFields(id).scheme === "values" || owner !== null);

/**
 * Those that this server sends updates of. `all` are feeds of providers, the oldest first: one key alone would decide what
 * is paid for its own, and an id can be made to stand before any other.
 */
export async function toldFeeds(
  db: Executor,
  { ORACLE_FEEDS = [] }: Partial<FeedsConfig>,
): Promise<KnownFeed[]> {
  if (ORACLE_FEEDS.length === 0) return [];
  const named = await rows<Row>(db, sql`${select} where feed = any(${ORACLE_FEEDS}::text[]) order by feed`);
  const chosen = named.map(knownOf).filter(isTellable);
  if (!ORACLE_FEEDS.includes("all")) return chosen;
  const all = await oldestFeeds(db);
  return [...chosen, ...all.filter(({ id }) => !ORACLE_FEEDS.includes(id))];
}

/** Of the id's fields, as `feedFields` reads them: hex digits, so that a database can choose by them as by texts. */
const isOfValues = sql`right(feed, 2) = ${hexDigits(VALUES_SCHEME, 2)}`;
const beatsSlowly = sql`substr(feed, 55, 6) collate "C" >= ${hexDigits(SHORTEST_HEARTBEAT, 6)}`;

/**
 * The oldest that providers tell and that can be paid for. Anybody creates as many as he likes, so that no more are read
 * than are told; of what was created before unreadable schemas were noted, as many pages as it takes.
 */
async function oldestFeeds(db: Executor): Promise<KnownFeed[]> {
  const told: KnownFeed[] = [];
  for (let passed = 0; ; passed += MOST) {
    const found = await rows<Row>(
      db,
      // What was created before this was noted is older than all of which it was.
      sql`${select} where schema is not null and signer is null and not unreadable and ${isOfValues} and ${beatsSlowly}
        order by created_block nulls first, created_log, feed limit ${MOST} offset ${passed}`,
    );
    told.push(...found.map(knownOf).filter(isTellable));
    if (found.length < MOST || told.length >= MOST) return told.slice(0, MOST);
  }
}

export type FeedValue = { round: number; value: bigint; observedAt: number; transaction: Hex };

/** Newest first, of rounds before `before`. */
export const valuesOf = (db: Executor, id: string, before: number, limit: number): Promise<FeedValue[]> =>
  rows(
    db,
    sql`select round, value, observed_at as "observedAt", transaction from oracle.feed_values
      where feed = ${id.toLowerCase()} and round < ${before} order by round desc limit ${limit}`,
  );
