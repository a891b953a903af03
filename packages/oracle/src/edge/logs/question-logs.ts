import { oracleAbi } from "@sooth/abi";
import { type ArgsOf, type FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import {
  decodeAnswerWord,
  decodeRootFacts,
  readSchema,
  termsFromChain,
  TOO_EARLY,
  unpackReport,
  withoutHidden,
} from "../../core/index.ts";
import { tellQuestions } from "./live.ts";

type Logs<E extends "Asked" | "Clarified" | "Answered" | "AnsweredRoot" | "Reopened" | "RewardSettled"> =
  readonly FollowedLog<ArgsOf<typeof oracleAbi, E>>[];

const lower = <T extends string>(text: T): string => text.toLowerCase();
/** What an asker wrote, without what a database cannot store or a reader is deceived by. */
const storable = (text: string): string => withoutHidden(text).toWellFormed();
/** `Status.Invalid` of IOracle.sol. */
const INVALID_STATUS = 5;

export async function onAsked(tx: Executor, logs: Logs<"Asked">): Promise<void> {
  const asked = logs.map((log) => {
    const terms = termsFromChain(log.args.terms);
    const read = readSchema(log.args.schema, terms);
    return { log, terms, schema: read.schema, fault: read.fault };
  });
  await sql`
    insert into oracle.questions (id, chain_id, asker, schema_hash, aggregation, min_value, max_value, tolerance,
      opens_at, deadline, liveness, reward, nonce, domain, ends_early, secures, schema, fault, asked_at, asked_block, asked_log,
      asked_tx, not_before)
    select *, opens_at from unnest(
      ${asked.map(({ log }) => lower(log.args.question))}::text[],
      ${asked.map(({ log }) => log.block.chainId)}::int[],
      ${asked.map(({ terms }) => lower(terms.asker))}::text[],
      ${asked.map(({ terms }) => lower(terms.schema))}::text[],
      ${asked.map(({ terms }) => terms.aggregation)}::text[],
      ${asked.map(({ terms }) => String(terms.min))}::numeric[],
      ${asked.map(({ terms }) => String(terms.max))}::numeric[],
      ${asked.map(({ terms }) => String(terms.tolerance))}::numeric[],
      ${asked.map(({ terms }) => terms.opensAt)}::bigint[],
      ${asked.map(({ terms }) => terms.deadline)}::bigint[],
      ${asked.map(({ terms }) => terms.liveness)}::bigint[],
      ${asked.map(({ terms }) => String(terms.reward))}::numeric[],
      ${asked.map(({ terms }) => String(terms.nonce))}::numeric[],
      ${asked.map(({ terms }) => terms.domain)}::int[],
      ${asked.map(({ terms }) => terms.endsEarly)}::bool[],
      ${asked.map(({ terms }) => String(terms.secures))}::numeric[],
      ${asked.map(({ schema }) => JSON.stringify(schema))}::jsonb[],
      ${asked.map(({ fault }) => fault)}::text[],
      ${asked.map(({ log }) => log.block.timestamp)}::bigint[],
      ${asked.map(({ log }) => log.block.number)}::bigint[],
      ${asked.map(({ log }) => log.logIndex)}::int[],
      ${asked.map(({ log }) => log.transaction)}::text[]
    ) as asked (id, chain_id, asker, schema_hash, aggregation, min_value, max_value, tolerance, opens_at, deadline,
      liveness, reward, nonce, domain, ends_early, secures, schema, fault, asked_at, asked_block, asked_log, asked_tx)`.execute(
    tx,
  );
  await tellQuestions(tx, logs);
}

export async function onAnswered(tx: Executor, logs: Logs<"Answered">): Promise<void> {
  const answered = logs.flatMap((log) => {
    const word = decodeAnswerWord(log.args.word);
    return word.state === "answered" ? [{ log, word }] : [];
  });
  await sql`
    update oracle.questions q set state = 'answered', value = a.value, finalize_at = a.finalize_at,
      confidence = a.confidence, seats = a.seats, epoch = a.epoch, round = a.round, report = a.report,
      answered_at = a.at, answered_block = a.block, answered_log = a.log, answered_tx = a.tx
    from unnest(
      ${answered.map(({ log }) => lower(log.args.question))}::text[],
      ${answered.map(({ word }) => String(word.value))}::numeric[],
      ${answered.map(({ word }) => word.finalizeAt)}::bigint[],
      ${answered.map(({ word }) => word.confidence)}::int[],
      ${answered.map(({ word }) => String(word.seats))}::bigint[],
      ${answered.map(({ word }) => word.epoch)}::bigint[],
      ${answered.map(({ word }) => word.round)}::int[],
      ${answered.map(({ log }) => log.args.report)}::text[],
      ${answered.map(({ log }) => log.block.timestamp)}::bigint[],
      ${answered.map(({ log }) => log.block.number)}::bigint[],
      ${answered.map(({ log }) => log.logIndex)}::int[],
      ${answered.map(({ log }) => log.transaction)}::text[]
    ) as a (id, value, finalize_at, confidence, seats, epoch, round, report, at, block, log, tx)
    where q.id = a.id`.execute(tx);
  await tellQuestions(tx, logs);
}

export async function onAnsweredRoot(tx: Executor, logs: Logs<"AnsweredRoot">): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const word = decodeAnswerWord(args.word);
    if (word.state !== "root") continue;
    const { confidence, seats, epoch, round } = decodeRootFacts(args.answer.facts);
    await sql`update oracle.questions set state = 'answered', value = 0, root = ${lower(args.answer.root)},
        facts = ${String(args.answer.facts)}, finalize_at = ${word.finalizeAt}, confidence = ${confidence},
        seats = ${String(seats)}, epoch = ${epoch}, round = ${round}, report = ${args.signatures},
        answered_at = ${block.timestamp}, answered_block = ${block.number}, answered_log = ${logIndex},
        answered_tx = ${transaction}
      where id = ${lower(args.question)}`.execute(tx);
  }
  await tellQuestions(tx, logs);
}

export async function onClarified(tx: Executor, logs: Logs<"Clarified">): Promise<void> {
  await sql`
    insert into oracle.clarifications (question, round, chain, body, at, block, log, tx)
    select * from unnest(
      ${logs.map(({ args }) => lower(args.question))}::text[],
      ${logs.map(({ args }) => args.round)}::int[],
      ${logs.map(({ args }) => lower(args.chain))}::text[],
      ${logs.map(({ args }) => storable(args.text))}::text[],
      ${logs.map(({ block }) => block.timestamp)}::bigint[],
      ${logs.map(({ block }) => block.number)}::bigint[],
      ${logs.map(({ logIndex }) => logIndex)}::int[],
      ${logs.map(({ transaction }) => transaction)}::text[])`.execute(tx);
  await sql`
    update oracle.questions q set round = last.round
    from (select question, max(round) as round from oracle.clarifications
      where question = any(${logs.map(({ args }) => lower(args.question))}::text[]) group by question) last
    where q.id = last.question`.execute(tx);
  await tellQuestions(tx, logs);
}

export async function onReopened(tx: Executor, logs: Logs<"Reopened">): Promise<void> {
  await sql`
    insert into oracle.reopenings (question, round, epoch, not_before, seats, signatures, at, block, log, tx)
    select * from unnest(
      ${logs.map(({ args }) => lower(args.question))}::text[],
      ${logs.map(({ args }) => args.round)}::int[],
      ${logs.map(({ args }) => args.epoch)}::bigint[],
      ${logs.map(({ args }) => args.notBefore)}::bigint[],
      ${logs.map(({ args }) => String(args.seats))}::bigint[],
      ${logs.map(({ args }) => args.signatures)}::text[],
      ${logs.map(({ block }) => block.timestamp)}::bigint[],
      ${logs.map(({ block }) => block.number)}::bigint[],
      ${logs.map(({ logIndex }) => logIndex)}::int[],
      ${logs.map(({ transaction }) => transaction)}::text[])`.execute(tx);
  // One run may reopen a question several times while history is caught up with: the last round is where it stands.
  await sql`
    update oracle.questions q set round = last.round, not_before = last.not_before
    from (select distinct on (question) question, round, not_before from oracle.reopenings
      where question = any(${logs.map(({ args }) => lower(args.question))}::text[])
      order by question, round desc) last
    where q.id = last.question`.execute(tx);
  await tellQuestions(tx, logs);
}

export async function onRewardSettled(tx: Executor, logs: Logs<"RewardSettled">): Promise<void> {
  await sql`
    update oracle.questions q set reward_settled = true, refunded = s.refunded, premium_seats = s.premium_seats,
      to_treasury = s.to_treasury, settled_at = s.at, settled_block = s.block, settled_log = s.log, settled_tx = s.tx
    from unnest(
      ${logs.map(({ args }) => lower(args.question))}::text[],
      ${logs.map(({ args }) => args.outcome === INVALID_STATUS)}::boolean[],
      ${logs.map(({ args }) => args.premium)}::bigint[],
      ${logs.map(({ args }) => String(args.toTreasury))}::numeric[],
      ${logs.map(({ block }) => block.timestamp)}::bigint[],
      ${logs.map(({ block }) => block.number)}::bigint[],
      ${logs.map(({ logIndex }) => logIndex)}::int[],
      ${logs.map(({ transaction }) => transaction)}::text[]
    ) as s (id, refunded, premium_seats, to_treasury, at, block, log, tx)
    where q.id = s.id`.execute(tx);
  await tellQuestions(tx, logs);
}

/** Values in an answer that contradict what their keys handed over here, a value or a root: the two signatures prove it. TOO_EARLY contradicts nothing. */
export async function keepContradictions(tx: Executor, logs: Logs<"Answered">): Promise<void> {
  const shown = logs.flatMap(({ args, block }) => {
    const word = decodeAnswerWord(args.word);
    if (word.state !== "answered") return [];
    const { epoch, round } = word;
    const reports = unpackReport(args.report, word.seats, word.value) ?? [];
    return reports.map((report) => ({
      ...report,
      question: lower(args.question),
      epoch,
      round,
      at: block.timestamp,
    }));
  });
  await sql`
    insert into oracle.equivocations (question, round, epoch, signer, first_value, first_root, first_signature,
      second_value, second_signature, seen_at)
    select r.question, r.round, r.epoch, r.signer, r.value, r.root, r.signature, a.value, a.signature, a.at
    from unnest(
      ${shown.map(({ question }) => question)}::text[],
      ${shown.map(({ epoch }) => epoch)}::bigint[],
      ${shown.map(({ round }) => round)}::int[],
      ${shown.map(({ seat }) => seat)}::int[],
      ${shown.map(({ value }) => String(value))}::numeric[],
      ${shown.map(({ signature }) => signature)}::text[],
      ${shown.map(({ at }) => at)}::bigint[]
    ) as a (question, epoch, round, seat, value, signature, at)
    join oracle.questions q on q.id = a.question
    join oracle.seats s on s.domain = q.domain and s.epoch = a.epoch and s.seat = a.seat
    join oracle.reports r on r.question = a.question and r.round = a.round and r.epoch = a.epoch and r.signer = s.signer
    where (r.value <> a.value or r.root is not null) and ${String(TOO_EARLY)}::numeric not in (r.value, a.value)
    on conflict do nothing`.execute(tx);
}
