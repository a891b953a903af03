import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { OpinionStatus } from "../../core/index.ts";
import { chainPlace, decodeCursor, encodeCursor, relevancePlace, timePlace, volumePlace } from "../cursor.ts";
import { type Sense, senseOf } from "./market-meaning.ts";
import { type Found, foundIn, type Hit, hits } from "./market-search.ts";
import {
  FIELDS,
  fromRow,
  opinionStatusCondition,
  type Row as MarketRow,
  type StoredOpinionMarket,
} from "./market-rows.ts";

export const OPINION_SORTS = ["relevance", "newest", "closing", "volume"] as const;
export type OpinionSort = (typeof OPINION_SORTS)[number];
export type OpinionFilter = {
  /** Words of the statement or of an opinion in any form and order, or a part of the statement as it stands. */
  search?: string | undefined;
  status?: OpinionStatus | undefined;
  creator?: string | undefined;
  /** Who staked in it. */
  staker?: string | undefined;
  /** Whether stances may be hidden until it is closed. */
  stances?: "open" | "hidden" | undefined;
  /** Closes within so many seconds from now. */
  closesWithin?: number | undefined;
  /** All stakes come to as much, in the collateral's smallest unit. */
  leastVolume?: string | undefined;
  /** Its score is as sure, in basis points; none without a score. */
  leastConfidence?: number | undefined;
  /** Whether what only has to do with the search is found too; where nothing is said, in the order of relevance. */
  meaning?: "on" | "off" | undefined;
  /** By relevance where something is searched for, else the newest first. */
  sort?: OpinionSort | undefined;
  cursor?: string | undefined;
  limit: number;
};
export type ListedMarket = StoredOpinionMarket & { found: Found | null };
type Row = MarketRow & Hit;

const ALL = sql`select ${FIELDS}, 0 as relevance, false as in_statement, null::int as number, false as by_meaning from markets.opinion_markets m`;
const hitsOf = (search: string, sense: Sense | null) =>
  sql`with ${hits(search, sense)} select ${FIELDS}, h.relevance, h.in_statement, h.number, h.by_meaning
    from hits h join markets.opinion_markets m on m.id = h.market`;

/**
 * One page. `closing` shows the soonest first, and only markets that are open unless another status is asked for; of those,
 * the last closed come first. @throws markets.bad_cursor
 */
export async function listOpinionMarkets(
  db: Executor,
  filter: OpinionFilter,
  now: number,
): Promise<{ items: ListedMarket[]; next: string | null }> {
  const { limit, cursor } = filter;
  const search = filter.search?.trim() || undefined;
  const sort = sortOf(filter.sort, search);
  const status = filter.status ?? (sort === "closing" ? "open" : undefined);
  const order = orderOf(sort, status);
  const conditions = [
    ...conditionsOf({ ...filter, status }, now),
    ...(cursor === undefined ? [] : [order.after(cursor)]),
  ];
  const meaning = filter.meaning ?? (sort === "relevance" ? "on" : "off");
  const sense = search === undefined || meaning === "off" ? null : await senseOf(db, search);
  const found = await rows<Row>(
    db,
    sql<Row>`${search === undefined ? ALL : hitsOf(search, sense)}
      join markets.opinion_books b on b.market = m.id
      where ${sql.join(conditions, sql` and `)} order by ${order.by} limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const said = search === undefined ? new Map<Hex, Found>() : await foundIn(db, search, sense, page);
  return {
    items: page.map((row) => ({ ...fromRow(row), found: said.get(row.id) ?? null })),
    next: found.length > limit && last ? encodeCursor(order.place(last)) : null,
  };
}

const sortOf = (sort: OpinionSort | undefined, search: string | undefined): OpinionSort =>
  (sort === "relevance" ? undefined : sort) ?? (search === undefined ? "newest" : "relevance");

function conditionsOf(filter: OpinionFilter, now: number) {
  const { status, creator, staker, stances, closesWithin, leastVolume, leastConfidence } = filter;
  return [
    sql`true`,
    ...(status ? [opinionStatusCondition(status, now)] : []),
    ...(creator ? [sql`m.creator = ${creator.toLowerCase()}`] : []),
    ...(staker
      ? [sql`m.id in (select o.market from markets.opinions o where o.owner = ${staker.toLowerCase()})`]
      : []),
    ...(stances ? [stances === "hidden" ? sql`m.reveal_seconds > 0` : sql`m.reveal_seconds = 0`] : []),
    ...(closesWithin === undefined
      ? []
      : [sql`m.closes_at > ${now} and m.closes_at <= ${now + closesWithin}`]),
    ...(leastVolume === undefined ? [] : [sql`b.volume >= ${leastVolume}::numeric`]),
    ...(leastConfidence === undefined ? [] : [sql`m.confidence >= ${leastConfidence}`]),
  ];
}

function orderOf(sort: OpinionSort, status: OpinionStatus | undefined) {
  switch (sort) {
    case "relevance":
      return {
        by: sql`h.relevance desc, m.id`,
        after: (cursor: string) => {
          const [relevance, id] = decodeCursor(relevancePlace, cursor);
          return sql`(h.relevance < ${relevance} or (h.relevance = ${relevance} and m.id > ${id}))`;
        },
        place: ({ relevance, id }: Row) => [relevance, id],
      };
    case "volume":
      return {
        by: sql`b.volume desc, b.market`,
        after: (cursor: string) => {
          const [volume, id] = decodeCursor(volumePlace, cursor);
          return sql`b.volume <= ${volume}::numeric and (b.volume < ${volume}::numeric or b.market > ${id})`;
        },
        place: ({ volume, id }: Row) => [String(volume), id],
      };
    case "closing": {
      const latest = status !== "open";
      return {
        by: latest ? sql`m.closes_at desc, m.id desc` : sql`m.closes_at, m.id`,
        after: (cursor: string) => {
          const [closesAt, id] = decodeCursor(timePlace, cursor);
          return latest
            ? sql`(m.closes_at, m.id) < (${closesAt}, ${id})`
            : sql`(m.closes_at, m.id) > (${closesAt}, ${id})`;
        },
        place: ({ closes_at: closesAt, id }: Row) => [closesAt, id],
      };
    }
    case "newest":
      return {
        by: sql`m.announced_block desc, m.announced_log desc`,
        after: (cursor: string) => {
          const [block, log] = decodeCursor(chainPlace, cursor);
          return sql`(m.announced_block, m.announced_log) < (${block}, ${log})`;
        },
        place: ({ announced_block: block, announced_log: log }: Row) => [block, log],
      };
  }
}
