import type { Address, Amount, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { type opinionActivityPage, stanceOf, type wireOpinion } from "../../core/index.ts";
import { erasuresAmong } from "../content/erasure-rows.ts";
import { opinionTexts } from "../content/store.ts";
import { chainPlace, decodeCursor, encodeCursor } from "../cursor.ts";
import { numberPlace, stakePlace } from "./places.ts";

export type WireOpinion = z.infer<typeof wireOpinion>;
type Row = {
  market: Hex;
  owner: Address;
  number: number;
  band: number | null;
  start: bigint | null;
  amount: Amount;
  opinion: Hex;
  commitment: Hex | null;
  at: number;
  block: number;
  log: number;
  tx: Hex;
  due: Amount;
  paid: Amount;
  won: bigint;
};

const SELECT = sql`select o.*, s.commitment,
    coalesce((select sum(p.amount) from markets.opinion_prizes p where p.market = o.market and p.winner = o.owner), 0) as won
  from markets.opinions o left join markets.opinion_secrets s on s.market = o.market and s.owner = o.owner`;

export type OpinionOrder = "newest" | "largest";
export type OpinionFilter = {
  sort: OpinionOrder;
  owner?: string | undefined;
  /** Theirs alone. */
  owners?: readonly string[] | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** Opinions of one market, a page at a time, with their texts where they are kept here. @throws markets.bad_cursor */
export async function opinionsOf(
  db: Executor,
  market: string,
  { sort, owner, owners, cursor, limit }: OpinionFilter,
): Promise<{ items: WireOpinion[]; next: string | null }> {
  const largest = sort === "largest";
  const found = await rows<Row>(
    db,
    sql<Row>`${SELECT} where o.market = ${market}
        and ${owner === undefined ? sql`true` : sql`o.owner = ${owner.toLowerCase()}`}
        and ${owners === undefined ? sql`true` : sql`o.owner = any(${owners.map((one) => one.toLowerCase())}::text[])`}
        and ${cursor === undefined ? sql`true` : after(largest, cursor)}
      order by ${largest ? sql`o.amount desc, o.number` : sql`o.number desc`} limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const place = last && (largest ? [String(last.amount), last.number] : [last.number]);
  return { items: await view(db, page), next: found.length > limit && place ? encodeCursor(place) : null };
}

function after(largest: boolean, cursor: string) {
  if (!largest) return sql`o.number < ${decodeCursor(numberPlace, cursor)[0]}`;
  const [amount, number] = decodeCursor(stakePlace, cursor);
  return sql`o.amount <= ${amount}::numeric and (o.amount < ${amount}::numeric or o.number > ${number})`;
}

/** One address' opinions, latest first, in markets that were announced; or those alone that it is to be paid for. @throws markets.bad_cursor */
export async function opinionsBy(
  db: Executor,
  owner: string,
  { claimable, cursor, limit }: { claimable: boolean; cursor?: string | undefined; limit: number },
): Promise<{ items: WireOpinion[]; next: string | null }> {
  const place = cursor === undefined ? undefined : decodeCursor(chainPlace, cursor);
  const found = await rows<Row>(
    db,
    sql<Row>`${SELECT} join markets.opinion_markets m on m.id = o.market where o.owner = ${owner}
      and ${claimable ? sql`(o.due > 0 or exists (select from markets.opinion_prizes p where p.market = o.market and ${unpaidTo(owner)}))` : sql`true`}
      and ${place === undefined ? sql`true` : sql`(o.block, o.log) < (${place[0]}, ${place[1]})`}
      order by o.block desc, o.log desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next = found.length > limit && last ? encodeCursor([last.block, last.log]) : null;
  return { items: await view(db, page), next };
}

/** What a claim for `owner` pays now. */
export async function dueTo(db: Executor, market: string, owner: string): Promise<bigint> {
  const found = await one<{ due: bigint }>(
    db,
    sql`select due from markets.opinions where market = ${market} and owner = ${owner.toLowerCase()}`,
  );
  return found?.due ?? 0n;
}

export type OpinionSums = { staked: bigint; claimable: bigint; paidIn: bigint; paidOut: bigint };

const unpaidTo = (owner: string) => sql`p.winner = ${owner} and p.paid_to is null`;

/** Sums over all opinions of one address; prizes are claimed and paid out too. */
export async function opinionSums(db: Executor, owner: string): Promise<OpinionSums> {
  const sums = await one<OpinionSums>(
    db,
    sql`select coalesce(sum(o.amount) filter (where m.ending = 'none'), 0) as staked,
        coalesce(sum(o.due), 0)
          + (select coalesce(sum(p.amount), 0) from markets.opinion_prizes p where ${unpaidTo(owner)}) as claimable, coalesce(sum(o.amount), 0) as "paidIn",
        coalesce(sum(o.paid), 0)
          + (select coalesce(sum(p.amount), 0) from markets.opinion_prizes p where p.paid_to = ${owner}) as "paidOut"
      from markets.opinions o join markets.opinion_markets m on m.id = o.market where o.owner = ${owner}`,
  );
  return sums ?? { staked: 0n, claimable: 0n, paidIn: 0n, paidOut: 0n };
}

async function view(db: Executor, page: readonly Row[]): Promise<WireOpinion[]> {
  const hashes = page.map(({ opinion }) => opinion);
  const [texts, erasures] = await Promise.all([opinionTexts(db, hashes), erasuresAmong(db, hashes)]);
  return page.map((row) => ({
    market: row.market,
    owner: row.owner,
    number: row.number,
    band: row.band,
    stance: row.band === null ? null : stanceOf(row.band),
    start: row.start === null ? null : String(row.start),
    amount: String(row.amount),
    opinion: row.opinion,
    text: texts.get(row.opinion) ?? null,
    erasure: erasures.get(row.opinion) ?? null,
    commitment: row.commitment,
    at: row.at,
    block: row.block,
    transaction: row.tx,
    due: String(row.due),
    paid: String(row.paid),
    won: String(row.won),
  }));
}

type Happened = {
  block: number;
  log: number;
  kind: z.infer<typeof opinionActivityPage>["items"][number]["kind"];
  at: number;
  tx: Hex;
  market: Hex;
  statement: string;
  who: Address | null;
  band: number | null;
  amount: bigint | null;
};

/** What happened to one market, latest first. @throws markets.bad_cursor */
export async function opinionActivity(
  db: Executor,
  market: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<z.infer<typeof opinionActivityPage>> {
  const place = cursor === undefined ? undefined : decodeCursor(chainPlace, cursor);
  const found = await rows<Happened>(
    db,
    sql`select a.*, m.statement from markets.opinion_activity a join markets.opinion_markets m on m.id = a.market
      where a.market = ${market}
        and ${place === undefined ? sql`true` : sql`(a.block, a.log) < (${place[0]}, ${place[1]})`}
      order by a.block desc, a.log desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ log, tx, amount, ...row }) => ({
      ...row,
      id: `${row.block}:${log}`,
      transaction: tx,
      amount: amount === null ? null : String(amount),
    })),
    next: found.length > limit && last ? encodeCursor([last.block, last.log]) : null,
  };
}
