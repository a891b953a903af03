import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  type Aggregation,
  type AnswerWord,
  disputedWord,
  INVALID,
  type KnownWord,
  labelOf,
  type QuestionSchema,
  type questionStatus,
  statusOf,
  type Terms,
  type wireQuestion,
} from "../core/index.ts";

export type WireQuestion = z.infer<typeof wireQuestion>;
export type WireStatus = z.infer<typeof questionStatus>;

/** A question as the logs tell it. What is true now follows from `word` and the chain's clock. */
export type StoredQuestion = {
  id: Hex;
  chainId: number;
  terms: Terms;
  schema: QuestionSchema;
  /** Why the logged schema cannot be acted on; `schema` is a stand-in then. */
  fault: string | null;
  word: KnownWord;
  /** The answer that stands, or stood when somebody objected to it; null while open. */
  answer: Extract<AnswerWord, { state: "answered" }> | null;
  round: number;
  rewardSettled: boolean;
  /** The dispute that is open. */
  dispute: Hex | null;
  /** Who may veto its answer. */
  watcher: Hex | null;
  /** What the contract accepted; null while open. */
  report: Hex | null;
  /** What the contract hashed with the root of an answer, as `RootAnswer` has it; null for a value. */
  facts: bigint | null;
  askedAt: number;
  askedBlock: number;
  askedLog: number;
  askedIn: Hex;
  answeredAt: number | null;
  answeredIn: Hex | null;
  reportCount: number;
};

type Row = {
  id: Hex;
  chain_id: number;
  asker: Address;
  schema_hash: Hex;
  aggregation: Aggregation;
  min_value: bigint;
  max_value: bigint;
  tolerance: bigint;
  opens_at: number;
  deadline: number;
  liveness: number;
  reward: bigint;
  nonce: bigint;
  domain: number;
  ends_early: boolean;
  secures: bigint;
  schema: QuestionSchema;
  fault: string | null;
  asked_at: number;
  asked_block: number;
  asked_log: number;
  asked_tx: Hex;
  state: "open" | "answered" | "disputed";
  deposit: number;
  disputes: number;
  ruled: boolean;
  held: number;
  dispute: Hex | null;
  watcher: Hex | null;
  round: number;
  not_before: number;
  value: bigint | null;
  finalize_at: number | null;
  confidence: number | null;
  seats: number | null;
  epoch: number | null;
  report: Hex | null;
  root: Hex | null;
  facts: string | null;
  answered_at: number | null;
  answered_tx: Hex | null;
  reward_settled: boolean;
  report_count: number;
};

// Reports that others transmitted were never handed over here, but the bitmap counts them.
const columns = sql`q.*, greatest(
  (select count(distinct r.signer) from oracle.reports r where r.question = q.id and r.round = q.round),
  bit_count(coalesce(q.seats, 0)::bit(32))) as report_count`;

/** Those of `ids` that are known, in no order. */
export async function questionsByIds(db: Executor, ids: readonly string[]): Promise<StoredQuestion[]> {
  if (ids.length === 0) return [];
  const found = await rows<Row>(
    db,
    sql`select ${columns} from oracle.questions q where q.id = any(${ids.map((id) => id.toLowerCase())}::text[])`,
  );
  return found.map(fromRow);
}

export async function questionById(db: Executor, id: string): Promise<StoredQuestion | undefined> {
  return (await questionsByIds(db, [id]))[0];
}

export type QuestionFilter = {
  search?: string;
  status?: WireStatus;
  kind?: string;
  asker?: string;
  /** Asked before this place in the chain. */
  before?: { block: number; logIndex: number };
  limit: number;
};

/** Newest first. Those whose schema cannot be read are left out: there is nothing in them to look for. */
export async function listQuestions(
  db: Executor,
  filter: QuestionFilter,
  now: number,
): Promise<StoredQuestion[]> {
  const { search, status, kind, asker, before, limit } = filter;
  const conditions = [
    sql`q.fault is null`,
    ...(search ? [sql`q.schema->>'text' ilike ${`%${search.replace(/[\\%_]/g, "\\$&")}%`}`] : []),
    ...(status ? [statusCondition(status, now)] : []),
    ...(kind ? [sql`q.schema->>'kind' = ${kind}`] : []),
    ...(asker ? [sql`q.asker = ${asker.toLowerCase()}`] : []),
    ...(before ? [sql`(q.asked_block, q.asked_log) < (${before.block}, ${before.logIndex})`] : []),
  ];
  const found = await rows<Row>(
    db,
    sql`select ${columns} from oracle.questions q where ${sql.join(conditions, sql` and `)}
      order by q.asked_block desc, q.asked_log desc limit ${limit}`,
  );
  return found.map(fromRow);
}

/** Mirror of `statusOf`, for a database. */
function statusCondition(status: WireStatus, now: number) {
  const invalid = String(INVALID);
  switch (status) {
    case "open":
      return sql`q.state = 'open' and q.deadline >= ${now}`;
    case "answered":
      return sql`q.state = 'answered' and q.finalize_at > ${now}`;
    case "final":
      return sql`q.state = 'answered' and q.finalize_at <= ${now} and q.value <> ${invalid}`;
    case "invalid":
      return sql`((q.state = 'open' and q.deadline < ${now})
        or (q.state = 'answered' and q.finalize_at <= ${now} and q.value = ${invalid}))`;
    case "disputed":
      return sql`q.state = 'disputed'`;
  }
}

export type DueFilter = {
  now: number;
  /** Collateral; questions that pay less are left to others. */
  minReward: bigint;
  /** From what a question secures on its values are committed first, and the phase that it is now. */
  commitTier: bigint;
  phase: number;
  /** The last of the page before. */
  after?: DuePlace;
  limit: number;
};
export type DuePlace = { since: number; id: string };

/** Of seats `c` of the current epoch that reported on `q` in its round. */
const saidWeight = sql`(select coalesce(sum(s.weight), 0) from oracle.reports r
  join oracle.seats s on s.domain = c.domain and s.epoch = r.epoch and s.seat = r.seat and s.signer = r.signer
  where r.question = q.id and r.round = q.round and r.epoch = c.epoch)`;

/**
 * Questions for which a transaction may be due at `now`: open ones for which seats with a quorum's weight reported in
 * the current round and epoch, with an early answer's where they may end early, or committed in this phase, and finished
 * ones whose reward lies still. Those that wait longest come first.
 */
export async function dueQuestions(
  db: Executor,
  { now, minReward, commitTier, phase, after, limit }: DueFilter,
): Promise<{ questions: StoredQuestion[]; last: DuePlace | undefined }> {
  const found = await rows<Row & { since: number }>(
    db,
    sql`with current as (
      select distinct on (domain) domain, epoch, total_weight from oracle.epochs order by domain, epoch desc),
    due as (
      select q.id, q.not_before as since from oracle.questions q join current c on c.domain = q.domain
      where q.state = 'open' and q.not_before <= ${now} and q.deadline > ${now} and q.reward >= ${String(minReward)}
        and 3 * ${saidWeight} > 2 * c.total_weight
      union all
      select q.id, q.not_before from oracle.questions q join current c on c.domain = q.domain
      where q.state = 'open' and q.not_before > ${now} and q.deadline > ${now} and q.reward >= ${String(minReward)}
        and q.ends_early and q.not_before = q.opens_at and 10 * ${saidWeight} >= 9 * c.total_weight
      union
      select q.id, q.not_before from oracle.questions q join current c on c.domain = q.domain
      where q.state = 'open' and q.deadline > ${now} and q.reward >= ${String(minReward)}
        and q.secures >= ${String(commitTier)} and 3 * (select coalesce(sum(s.weight), 0) from oracle.report_commitments r
          join oracle.seats s on s.domain = c.domain and s.epoch = r.epoch and s.seat = r.seat and s.signer = r.signer
          where r.question = q.id and r.round = q.round and r.epoch = c.epoch and r.phase = ${phase}) > 2 * c.total_weight
      union all
      select q.id, coalesce(q.finalize_at, q.deadline + 1) from oracle.questions q
      where q.state <> 'disputed' and not q.reward_settled and q.reward > 0 and q.reward >= ${String(minReward)}
        and coalesce(q.finalize_at, q.deadline + 1) <= ${now}),
    page as (select * from due where ${after ? sql`(since, id) > (${after.since}, ${after.id})` : sql`true`}
      order by since, id limit ${limit})
    select ${columns}, page.since from oracle.questions q join page on page.id = q.id order by page.since, q.id`,
  );
  const last = found.length < limit ? undefined : found.at(-1);
  return { questions: found.map(fromRow), last: last && { since: last.since, id: last.id } };
}

export const reopeningsOf = (db: Executor, question: string) =>
  rows<{ round: number; notBefore: number; transaction: Hex }>(
    db,
    sql`select round, not_before as "notBefore", tx as transaction from oracle.reopenings
      where question = ${question.toLowerCase()} order by round`,
  );

export const clarificationsOf = (db: Executor, question: string) =>
  rows<{ round: number; text: string; chain: string; at: number; transaction: Hex }>(
    db,
    sql`select round, body as text, chain, at, tx as transaction from oracle.clarifications
      where question = ${question.toLowerCase()} order by round`,
  );

function fromRow(row: Row): StoredQuestion {
  const { asker, aggregation, tolerance, deadline, liveness, reward, nonce, domain, secures } = row;
  return {
    id: row.id,
    chainId: row.chain_id,
    terms: {
      asker,
      schema: row.schema_hash,
      aggregation,
      min: row.min_value,
      max: row.max_value,
      tolerance,
      opensAt: row.opens_at,
      deadline,
      liveness,
      reward,
      nonce,
      domain,
      endsEarly: row.ends_early,
      secures,
    },
    schema: row.schema,
    fault: row.fault,
    word: wordOf(row),
    answer: answerOf(row),
    round: row.round,
    rewardSettled: row.reward_settled,
    dispute: row.dispute,
    watcher: row.watcher,
    report: row.report,
    facts: row.facts === null ? null : BigInt(row.facts),
    askedAt: row.asked_at,
    askedBlock: row.asked_block,
    askedLog: row.asked_log,
    askedIn: row.asked_tx,
    answeredAt: row.answered_at,
    answeredIn: row.answered_tx,
    reportCount: row.report_count,
  };
}

function wordOf(row: Row): StoredQuestion["word"] {
  const { round, reward_settled: rewardSettled, disputes } = row;
  if (row.state === "disputed" && row.dispute !== null) return disputedWord(row.dispute);
  return (
    answerOf(row) ?? {
      state: "open",
      deadline: row.deadline,
      notBefore: row.not_before,
      round,
      rewardSettled,
      disputes,
    }
  );
}

function answerOf(row: Row): StoredQuestion["answer"] {
  if (row.state === "open" || row.value === null) return null;
  const { round, reward_settled: rewardSettled, deposit, disputes, ruled, held } = row;
  return {
    state: "answered",
    value: row.value,
    finalizeAt: row.finalize_at ?? 0,
    confidence: row.confidence ?? 0,
    seats: BigInt(row.seats ?? 0),
    epoch: row.epoch ?? 0,
    round,
    rewardSettled,
    ...(row.root === null ? {} : { root: row.root }),
    deposit,
    disputes,
    ruled,
    held,
  };
}

/** As the API tells it at `now`, unix seconds by the chain's clock. */
export function toWireQuestion(question: StoredQuestion, now: number): WireQuestion {
  const { terms, word, schema } = question;
  // While somebody objects no value is told: who overlooks the status must not act on one.
  const answer = word.state === "answered" ? word : null;
  const status = statusOf(word, now);
  return {
    id: question.id,
    chainId: question.chainId,
    asker: terms.asker,
    schema,
    status: status === "unknown" ? "open" : status,
    opensAt: word.state === "open" ? word.notBefore : terms.opensAt,
    deadline: terms.deadline,
    liveness: terms.liveness,
    finalizeAt: answer?.finalizeAt ?? null,
    round: question.round,
    reward: String(terms.reward),
    rewardSettled: question.rewardSettled,
    value: answer && String(answer.value),
    label: answer && labelOf(answer.value, schema),
    confidence: answer?.confidence ?? null,
    askedAt: question.askedAt,
    askedIn: question.askedIn,
    answeredIn: question.answeredIn,
    reportCount: question.reportCount,
  };
}
