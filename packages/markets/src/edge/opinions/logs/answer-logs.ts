import type { oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { need } from "@sooth/kernel";
import { questionsByIds } from "@sooth/oracle";
import { type AnswerWord, decodeAnswerWord } from "@sooth/oracle/core";
import { type Executor, rows, sql } from "@sooth/store";
import { finalityOf } from "../../../core/index.ts";
import { lower, tellMarkets } from "../../logs/record.ts";

type Logs<E extends "Answered" | "Disputed" | "Ruled" | "Held" | "Vetoed"> = readonly FollowedLog<
  ArgsOf<typeof oracleAbi, E>
>[];

/** When a market may be scored follows from its question's word alone. */
export const onScoreAnswered = (tx: Executor, logs: Logs<"Answered" | "Ruled">): Promise<void> =>
  setAnswers(tx, new Map(logs.map(({ args }) => [lower(args.question), decodeAnswerWord(args.word)])));

export const onScoreDisputed = (tx: Executor, logs: Logs<"Disputed">): Promise<void> =>
  setAnswers(tx, new Map(logs.map(({ args }) => [lower(args.question), { state: "disputed", digest: 0n }])));

/** A pause, or a watcher, moved the finality of an answer, and nothing else of it. */
export async function onScorePutOff(tx: Executor, logs: Logs<"Held"> | Logs<"Vetoed">): Promise<void> {
  for (const { args } of logs) {
    const moved = await rows<{ id: string }>(
      tx,
      sql`update markets.opinion_markets set final_at = ${args.finalizeAt}
        where question = ${lower(args.question)} and answer = 'answered' returning id`,
    );
    await tellMarkets(
      tx,
      moved.map(({ id }) => id),
    );
  }
}

async function setAnswers(tx: Executor, words: ReadonlyMap<string, AnswerWord>): Promise<void> {
  const resting = await rows<{ id: string; question: string }>(
    tx,
    sql`select id, question from markets.opinion_markets where question = any(${[...words.keys()]}::text[])`,
  );
  if (resting.length === 0) return;
  const asked = await questionsByIds(
    tx,
    resting.map(({ question }) => question),
  );
  const deadlines = new Map(asked.map(({ id, terms }) => [id as string, terms.deadline]));
  for (const { id, question } of resting) {
    const word = need(words.get(question), `the word of ${question}`);
    const deadline = need(deadlines.get(question), `the deadline of ${question}`);
    const answer = word.state === "none" ? "open" : word.state;
    await sql`update markets.opinion_markets set answer = ${answer}, final_at = ${finalityOf(word, deadline)}
      where id = ${id}`.execute(tx);
  }
  await tellMarkets(
    tx,
    resting.map(({ id }) => id),
  );
}
