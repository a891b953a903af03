import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { Ending, MarketStatus, MarketTerms } from "../core/index.ts";
import { likePattern } from "../core/index.ts";
import { chainPlace, decodeCursor, encodeCursor, timePlace, volumePlace } from "./cursor.ts";

/** A market as the logs tell it. What is true now follows from `ending` and the chain's clock. */
export type StoredMarket = {
  id: Hex;
  chainId: number;
  terms: MarketTerms & { feeBps: Bps };
  title: string;
  labels: string[];
  pools: Amount[];
  volume: Amount;
  stakers: number;
  stakes: number;
  openedAt: number;
  openedBlock: number;
  openedLog: number;
  openedIn: Hex;
  ending: Ending;
  /** Null: none, or collected already. */
  feeDue: Amount | null;
};

type Row = {
  id: Hex;
  chain_id: number;
  question: Hex;
  creator: Address;
  closes_at: number;
  fee_bps: Bps;
  outcomes: number;
  cuts: bigint[];
  title: string;
  labels: string[];
  opened_at: number;
  opened_block: number;
  opened_log: number;
  opened_tx: Hex;
  pools: Amount[];
  volume: Amount;
  stakers: number;
  stakes: number;
  answered: boolean;
  ends_at: number;
  winner: number | null;
  fee_due: Amount | null;
};

export type MarketSort = "volume" | "closing" | "newest";
export type MarketFilter = {
  search?: string;
  status?: MarketStatus;
  kind?: string;
  sort: MarketSort;
  cursor?: string;
  limit: number;
};

export async function marketById(db: Executor, id: string): Promise<StoredMarket | undefined> {
  const row = await one<Row>(db, sql`select * from markets.markets where id = ${id}`);
  return row && fromRow(row);
}

export async function marketsByIds(db: Executor, ids: readonly string[]): Promise<Map<string, StoredMarket>> {
  const found = await rows<Row>(db, sql`select * from markets.markets where id = any(${ids}::text[])`);
  return new Map(found.map((row) => [row.id, fromRow(row)]));
}

/** Ids of the markets that rest on a question, oldest first. */
export async function marketsOf(db: Executor, question: string): Promise<Hex[]> {
  const found = await rows<{ id: Hex }>(
    db,
    sql`select id from markets.markets where question = ${question.toLowerCase()}
      order by opened_block, opened_log`,
  );
  return found.map(({ id }) => id);
}

/**
 * One page. `closing` shows the soonest first, and only markets that still trade unless another status is asked for;
 * of those, the last closed come first. @throws markets.bad_cursor
 */
export async function listMarkets(
  db: Executor,
  filter: MarketFilter,
  now: number,
): Promise<{ items: StoredMarket[]; next: string | null }> {
  const { search, kind, sort, limit } = filter;
  const status = filter.status ?? (sort === "closing" ? "trading" : undefined);
  const order = orderOf(sort, status);
  const conditions = [
    sql`true`,
    ...(search?.trim() ? [sql`search like ${likePattern(search)}`] : []),
    ...(status ? [statusCondition(status, now)] : []),
    ...(kind ? [sql`kind = ${kind}`] : []),
    ...(filter.cursor === undefined ? [] : [order.after(filter.cursor)]),
  ];
  const found = await rows<Row>(
    db,
    sql`select * from markets.markets where ${sql.join(conditions, sql` and `)}
      order by ${order.by} limit ${limit + 1}`,
  );
  const items = found.slice(0, limit).map(fromRow);
  const last = items.at(-1);
  return { items, next: found.length > limit && last ? encodeCursor(order.place(last)) : null };
}

function orderOf(sort: MarketSort, status: MarketStatus | undefined) {
  switch (sort) {
    case "volume":
      return {
        by: sql`volume desc, id`,
        after: (cursor: string) => {
          const [volume, id] = decodeCursor(volumePlace, cursor);
          return sql`volume <= ${volume}::numeric and (volume < ${volume}::numeric or id > ${id})`;
        },
        place: (market: StoredMarket) => [String(market.volume), market.id],
      };
    case "closing": {
      const latest = status !== "trading";
      return {
        by: latest ? sql`closes_at desc, id desc` : sql`closes_at, id`,
        after: (cursor: string) => {
          const [closesAt, id] = decodeCursor(timePlace, cursor);
          return latest
            ? sql`(closes_at, id) < (${closesAt}, ${id})`
            : sql`(closes_at, id) > (${closesAt}, ${id})`;
        },
        place: (market: StoredMarket) => [market.terms.closesAt, market.id],
      };
    }
    case "newest":
      return {
        by: sql`opened_block desc, opened_log desc`,
        after: (cursor: string) => {
          const [block, log] = decodeCursor(chainPlace, cursor);
          return sql`(opened_block, opened_log) < (${block}, ${log})`;
        },
        place: (market: StoredMarket) => [market.openedBlock, market.openedLog],
      };
  }
}

/** Mirror of `marketStatusAt`, for a database. */
export function statusCondition(status: MarketStatus, now: number) {
  switch (status) {
    case "trading":
      return sql`closes_at > ${now} and not answered and ends_at > ${now}`;
    case "closed":
      return sql`closes_at <= ${now} and not answered and ends_at > ${now}`;
    case "answered":
      return sql`answered and ends_at > ${now}`;
    case "settled":
      return sql`winner is not null and ends_at <= ${now}`;
    case "void":
      return sql`winner is null and ends_at <= ${now}`;
  }
}

const fromRow = (row: Row): StoredMarket => ({
  id: row.id,
  chainId: row.chain_id,
  terms: {
    question: row.question,
    creator: row.creator,
    closesAt: row.closes_at,
    feeBps: row.fee_bps,
    outcomes: row.outcomes,
    cuts: row.cuts,
  },
  title: row.title,
  labels: row.labels,
  pools: row.pools,
  volume: row.volume,
  stakers: row.stakers,
  stakes: row.stakes,
  openedAt: row.opened_at,
  openedBlock: row.opened_block,
  openedLog: row.opened_log,
  openedIn: row.opened_tx,
  ending: {
    at: row.ends_at,
    answered: row.answered,
    result: row.winner === null ? { kind: "void" } : { kind: "won", winner: row.winner },
  },
  feeDue: row.fee_due,
});
