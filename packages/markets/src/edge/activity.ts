import type { Address, Hex } from "@sooth/kernel";
import { recentOracleActivity } from "@sooth/oracle";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { type activityPage, stanceOf, type wireActivity, type wireOpinionActivity } from "../core/index.ts";
import { chainPlace, decodeCursor, encodeCursor } from "./cursor.ts";

export type WireActivity = z.infer<typeof wireActivity>;
type Place = { block: number; logIndex: number };
type Row = Place & {
  kind: "opened" | "staked" | "claimed" | "fee";
  at: number;
  transaction: Hex;
  who: Address;
  market: Hex;
  question: Hex;
  title: string;
  outcome: number | null;
  label: string | null;
  amount: bigint | null;
};
export type ActivityFilter = { market?: { id: string; question: string }; cursor?: string; limit: number };

/**
 * What happened, latest first: to one pool and its question, or to all, opinion markets too. Each source is read no further than a page.
 * @throws markets.bad_cursor
 */
export async function recentActivity(
  db: Executor,
  { market, cursor, limit }: ActivityFilter,
): Promise<z.infer<typeof activityPage>> {
  const [block, logIndex] = cursor === undefined ? [] : decodeCursor(chainPlace, cursor);
  const before = block === undefined || logIndex === undefined ? undefined : { block, logIndex };
  const [ours, opinions, oracles] = await Promise.all([
    ownActivity(db, market?.id, before, limit + 1),
    market === undefined ? allOpinionActivity(db, before, limit + 1) : [],
    recentOracleActivity(db, { before, question: market?.question, limit: limit + 1 }),
  ]);
  const merged = [...ours.map(fromRow), ...opinions.map(fromOpinion), ...oracles.map(fromOracle)].toSorted(
    (a, b) => b.block - a.block || b.logIndex - a.logIndex,
  );
  const page = merged.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ wire }) => wire),
    next: merged.length > limit && last ? encodeCursor([last.block, last.logIndex]) : null,
  };
}

const ownActivity = (db: Executor, market: string | undefined, before: Place | undefined, limit: number) =>
  rows<Row>(
    db,
    sql`select a.block, a.log as "logIndex", a.kind, a.at, a.tx as transaction, a.who, a.market, a.question, m.title,
        a.outcome, m.labels[a.outcome + 1] as label, a.amount
      from markets.activity a join markets.markets m on m.id = a.market
      where ${market === undefined ? sql`true` : sql`a.market = ${market}`}
        and ${before === undefined ? sql`true` : sql`(a.block, a.log) < (${before.block}, ${before.logIndex})`}
      order by a.block desc, a.log desc limit ${limit}`,
  );

type OpinionRow = Omit<Row, "kind" | "who" | "outcome" | "label"> & {
  kind: z.infer<typeof wireOpinionActivity>["kind"];
  who: Address | null;
  band: number | null;
};

/** Of opinion markets that were announced: without a statement nobody knows what was staked on. */
const allOpinionActivity = (db: Executor, before: Place | undefined, limit: number) =>
  rows<OpinionRow>(
    db,
    sql`select a.block, a.log as "logIndex", a.kind, a.at, a.tx as transaction, a.who, a.market, m.question,
        m.statement as title, a.band, a.amount
      from markets.opinion_activity a join markets.opinion_markets m on m.id = a.market
      where ${before === undefined ? sql`true` : sql`(a.block, a.log) < (${before.block}, ${before.logIndex})`}
      order by a.block desc, a.log desc limit ${limit}`,
  );

type Placed = Place & { wire: WireActivity };

const fromRow = ({ block, logIndex, amount, ...row }: Row): Placed => ({
  block,
  logIndex,
  wire: { ...row, id: `${block}:${logIndex}`, block, amount: amount === null ? null : String(amount) },
});

const fromOpinion = ({ block, logIndex, kind, band, amount, ...row }: OpinionRow): Placed => {
  // Of what was scored the number is no money.
  const score = kind === "scored" ? amount : null;
  const stance = band === null ? null : String(stanceOf(band));
  return {
    block,
    logIndex,
    wire: {
      ...row,
      id: `${block}:${logIndex}`,
      kind: `opinion_${kind}`,
      block,
      outcome: null,
      label: score === null ? stance : String(score),
      amount: score !== null || amount === null ? null : String(amount),
    },
  };
};

const fromOracle = (row: Awaited<ReturnType<typeof recentOracleActivity>>[number]): Placed => {
  const { block, logIndex, kind, at, transaction, who, question, title, label, amount } = row;
  return {
    block,
    logIndex,
    wire: {
      id: `${block}:${logIndex}`,
      kind,
      at,
      block,
      transaction,
      who,
      market: null,
      question,
      title,
      outcome: null,
      label,
      amount: amount === null ? null : String(amount),
    },
  };
};
