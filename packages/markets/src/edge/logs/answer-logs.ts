import type { oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Amount, type Bps, type Hex, need } from "@sooth/kernel";
import { questionsByIds } from "@sooth/oracle";
import { type AnswerWord, decodeAnswerWord } from "@sooth/oracle/core";
import { type Executor, rows, sql } from "@sooth/store";
import { endingOf, feeOf } from "../../core/index.ts";
import { moved } from "../transitions.ts";
import { lower, tellMarkets } from "./record.ts";

type Logs<E extends "Answered" | "Disputed" | "Ruled" | "Held" | "Vetoed"> = readonly FollowedLog<
  ArgsOf<typeof oracleAbi, E>
>[];
type Row = { id: string; question: Hex; cuts: bigint[]; pools: Amount[]; fee_bps: Bps; answered: boolean };
type Words = ReadonlyMap<string, AnswerWord>;

/** An answer fixes how the markets on its question will end: stakes closed before it could come. */
export const onAnswered = (tx: Executor, logs: Logs<"Answered">): Promise<void> =>
  setEndings(tx, new Map(logs.map(({ args }) => [lower(args.question), decodeAnswerWord(args.word)])));

/** Nothing of it is paid while the ladder decides. */
export const onDisputed = (tx: Executor, logs: Logs<"Disputed">): Promise<void> =>
  setEndings(tx, new Map(logs.map(({ args }) => [lower(args.question), { state: "disputed", digest: 0n }])));

/** What the ladder made of it: the same answer, another, none for ever, or open again. */
export const onRuled = (tx: Executor, logs: Logs<"Ruled">): Promise<void> =>
  setEndings(tx, new Map(logs.map(({ args }) => [lower(args.question), decodeAnswerWord(args.word)])));

/** A pause, or a watcher, moved the finality of an answer, and nothing else of it. */
export async function onPutOff(tx: Executor, logs: Logs<"Held"> | Logs<"Vetoed">): Promise<void> {
  for (const { args } of logs) {
    const moved = await rows<{ id: string }>(
      tx,
      sql`update markets.markets set ends_at = ${args.finalizeAt}
        where question = ${lower(args.question)} and answered returning id`,
    );
    await tellMarkets(
      tx,
      moved.map(({ id }) => id),
    );
  }
}

async function setEndings(tx: Executor, words: Words): Promise<void> {
  const resting = await rows<Row>(
    tx,
    sql`select id, question, cuts, pools, fee_bps, answered from markets.markets
      where question = any(${[...words.keys()]}::text[])`,
  );
  if (resting.length === 0) return;
  const asked = await questionsByIds(tx, [...words.keys()]);
  const deadlines = new Map(asked.map(({ id, terms }) => [id, terms.deadline]));
  const endings = resting.flatMap(({ id, question, cuts, pools, fee_bps: feeBps, answered: was }) => {
    const word = words.get(question);
    if (!word || word.state === "none") return [];
    const deadline = need(deadlines.get(question), `the deadline of ${question}`);
    const { at, result, answered } = endingOf(word, deadline, { cuts }, pools);
    const winner = result.kind === "won" ? result.winner : null;
    const fee = answered ? feeOf(pools, result, feeBps) : 0n;
    return [{ id, at, winner, fee, answered, was }];
  });
  if (endings.length === 0) return;
  await sql`
    update markets.markets m set answered = e.answered, ends_at = e.at, winner = e.winner, fee_due = e.fee,
      unclaimed = (select count(*) from markets.positions p
        where p.market = m.id and p.paid is null and (e.winner is null or p.outcome = e.winner))
    from unnest(
      ${endings.map(({ id }) => id)}::text[],
      ${endings.map(({ at }) => at)}::bigint[],
      ${endings.map(({ winner }) => winner)}::int[],
      ${endings.map(({ fee }) => (fee === 0n ? null : String(fee)))}::numeric[],
      ${endings.map(({ answered }) => answered)}::boolean[]) as e (id, at, winner, fee, answered)
    where m.id = e.id`.execute(tx);
  await tellMarkets(
    tx,
    endings.map(({ id }) => id),
  );
  const changed = endings.filter(({ answered, was }) => answered !== was);
  const answers = changed.filter(({ answered }) => answered).length;
  moved("pools", "answered", answers);
  // Whoever objects takes the answer back.
  moved("pools", "closed", changed.length - answers);
}
