import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  NEVER,
  type OpinionEnding,
  OpinionsError,
  type OpinionStatus,
  type OpinionTerms,
  type Rule,
} from "../../core/index.ts";

/** An opinion market as the logs tell it. What is true now follows from the chain's clock. */
export type StoredOpinionMarket = {
  id: Hex;
  chainId: number;
  terms: OpinionTerms;
  statement: string;
  announcedAt: number;
  announcedBlock: number;
  announcedLog: number;
  announcedIn: Hex;
  answer: "open" | "answered" | "disputed";
  /** While it is disputed later than any clock. */
  finalAt: number;
  ending: OpinionEnding;
  why: string | null;
  ended: { at: number; transaction: Hex } | null;
  result: { score: number; confidence: number; total: Amount; count: number; facts: bigint } | null;
  round: bigint | null;
  seed: Hex | null;
  /** When the seed was proved; null also where that was read before its time was kept. */
  drawnAt: number | null;
  feePaid: boolean;
  book: {
    staked: Amount[];
    opinions: number[];
    hidden: Amount;
    hiddenCount: number;
    volume: Amount;
    count: number;
    due: Amount;
    dueCount: number;
  };
};

export type Row = {
  id: Hex;
  chain_id: number;
  question: Hex;
  statement_hash: Hex;
  rubric: Hex;
  creator: Address;
  closes_at: number;
  reveal_seconds: number;
  quiet_seconds: number;
  fee_bps: Bps;
  prize_bps: Bps;
  prizes: number;
  min_confidence: number;
  rule: Rule;
  least_stake: Amount;
  most_stake: Amount;
  quiet_most: Amount;
  statement: string;
  announced_at: number;
  announced_block: number;
  announced_log: number;
  announced_tx: Hex;
  answer: StoredOpinionMarket["answer"];
  final_at: number;
  ending: OpinionEnding;
  why: string | null;
  ended_at: number | null;
  ended_tx: Hex | null;
  score: number | null;
  confidence: number | null;
  total: Amount | null;
  tally_count: number | null;
  facts: bigint | null;
  round: bigint | null;
  seed: Hex | null;
  drawn_at: number | null;
  fee_paid: boolean;
  staked: Amount[];
  opinions: number[];
  hidden: Amount;
  hidden_count: number;
  volume: Amount;
  count: number;
  due: Amount;
  due_count: number;
};

/** Of `m`, a market, and `b`, its book. */
export const FIELDS = sql`m.*, m.count as tally_count, b.staked, b.opinions, b.hidden, b.hidden_count, b.volume, b.count,
  b.due, b.due_count, case when m.seed is not null then (select s.at from markets.seeds s where s.round = m.round) end as drawn_at`;
const SELECT = sql`select ${FIELDS} from markets.opinion_markets m join markets.opinion_books b on b.market = m.id`;

export async function opinionMarketById(db: Executor, id: string): Promise<StoredOpinionMarket | undefined> {
  const row = await one<Row>(db, sql<Row>`${SELECT} where m.id = ${id}`);
  return row && fromRow(row);
}

/** @throws opinions.unknown */
export async function opinionMarketOr404(db: Executor, id: string): Promise<StoredOpinionMarket> {
  const market = await opinionMarketById(db, id);
  if (!market) throw OpinionsError.unknown({ market: id });
  return market;
}

export async function opinionMarketsByIds(
  db: Executor,
  ids: readonly string[],
): Promise<Map<string, StoredOpinionMarket>> {
  const found = await rows<Row>(db, sql<Row>`${SELECT} where m.id = any(${ids}::text[])`);
  return new Map(found.map((row) => [row.id, fromRow(row)]));
}

/** The market that was announced on a question. */
export async function opinionMarketOf(db: Executor, question: string): Promise<Hex | undefined> {
  const found = await one<{ id: Hex }>(
    db,
    sql`select id from markets.opinion_markets where question = ${question.toLowerCase()}`,
  );
  return found?.id;
}

/** Mirror of `opinionStatusAt`, for a database. */
export function opinionStatusCondition(status: OpinionStatus, now: number) {
  const open = sql`m.ending = 'none'`;
  switch (status) {
    case "open":
      return sql`${open} and m.closes_at > ${now}`;
    case "revealing":
      return sql`${open} and m.closes_at <= ${now} and m.closes_at + m.reveal_seconds > ${now}`;
    case "judging":
      return sql`${open} and m.closes_at + m.reveal_seconds <= ${now}`;
    case "drawing":
      return sql`m.ending = 'scored' and m.prize_bps > 0 and m.seed is null`;
    case "settled":
      return sql`(m.ending = 'undrawn' or (m.ending = 'scored' and (m.prize_bps = 0 or m.seed is not null)))`;
    case "void":
      return sql`m.ending = 'void'`;
  }
}

/** When the answer is final as it stands; null while there is none, or it is disputed. */
export const knownFinality = ({ answer, finalAt }: StoredOpinionMarket): number | null =>
  answer === "answered" && finalAt < NEVER ? finalAt : null;

export const fromRow = (row: Row): StoredOpinionMarket => ({
  id: row.id,
  chainId: row.chain_id,
  terms: {
    question: row.question,
    statement: row.statement_hash,
    rubric: row.rubric,
    creator: row.creator,
    closesAt: row.closes_at,
    revealSeconds: row.reveal_seconds,
    quietSeconds: row.quiet_seconds,
    feeBps: row.fee_bps,
    prizeBps: row.prize_bps,
    prizes: row.prizes,
    minConfidence: row.min_confidence,
    rule: row.rule,
    leastStake: row.least_stake,
    mostStake: row.most_stake,
    quietMost: row.quiet_most,
  },
  statement: row.statement,
  announcedAt: row.announced_at,
  announcedBlock: row.announced_block,
  announcedLog: row.announced_log,
  announcedIn: row.announced_tx,
  answer: row.answer,
  finalAt: row.final_at,
  ending: row.ending,
  why: row.why,
  ended:
    row.ended_at === null || row.ended_tx === null ? null : { at: row.ended_at, transaction: row.ended_tx },
  result: resultOf(row),
  round: row.round,
  seed: row.seed,
  drawnAt: row.drawn_at,
  feePaid: row.fee_paid,
  book: {
    staked: row.staked,
    opinions: row.opinions,
    hidden: row.hidden,
    hiddenCount: row.hidden_count,
    volume: row.volume,
    count: row.count,
    due: row.due,
    dueCount: row.due_count,
  },
});

function resultOf({
  score,
  confidence,
  total,
  tally_count: count,
  facts,
}: Row): StoredOpinionMarket["result"] {
  if (score === null || confidence === null || total === null || count === null || facts === null)
    return null;
  return { score, confidence, total, count, facts };
}
