import type { epochsAbi, oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import type { ContractEventName } from "viem";
import { decodeAnswerWord } from "../../core/index.ts";

type Logs<E extends ContractEventName<typeof oracleAbi>> = readonly FollowedLog<
  ArgsOf<typeof oracleAbi, E>
>[];
type EpochLogs<E extends ContractEventName<typeof epochsAbi>> = readonly FollowedLog<
  ArgsOf<typeof epochsAbi, E>
>[];
const lower = (text: string): string => text.toLowerCase();

/** Keeps what was signed, for the reputation of those who signed it. A question reopened by a ruling is answered anew. */
export async function keepSigned(tx: Executor, logs: Logs<"Answered">): Promise<void> {
  const answered = logs.flatMap(({ args }) => {
    const word = decodeAnswerWord(args.word);
    return word.state === "answered" ? [{ args, word }] : [];
  });
  // The last of a run counts, and one statement may touch a row once.
  const last = new Map(answered.map((one) => [lower(one.args.question), one]));
  const kept = [...last.values()];
  await sql`insert into oracle.signed_answers (question, value, seats, epoch, round, report)
    select * from unnest(
      ${kept.map(({ args }) => lower(args.question))}::text[],
      ${kept.map(({ word }) => String(word.value))}::numeric[],
      ${kept.map(({ word }) => String(word.seats))}::bigint[],
      ${kept.map(({ word }) => word.epoch)}::bigint[],
      ${kept.map(({ word }) => word.round)}::int[],
      ${kept.map(({ args }) => args.report)}::text[])
    on conflict (question) do update set value = excluded.value, seats = excluded.seats, epoch = excluded.epoch,
      round = excluded.round, report = excluded.report`.execute(tx);
}

// Periods and roots are few: their logs are written one by one, in their order.

export async function keepRoot(tx: Executor, logs: Logs<"AnsweredRoot">): Promise<void> {
  for (const { args, block, transaction } of logs) {
    const { root, facts } = args.answer;
    await sql`insert into oracle.root_answers (question, root, facts, finalize_at, at, tx)
      values (${lower(args.question)}, ${lower(root)}, ${String(facts)}, ${finalityOf(args.word)}, ${block.timestamp},
        ${transaction})
      on conflict (question) do update set root = excluded.root, facts = excluded.facts,
        finalize_at = excluded.finalize_at, at = excluded.at, tx = excluded.tx`.execute(tx);
  }
}

/** Where the time lies in every answered word. Source: AnswerWord.sol. */
const finalityOf = (word: bigint): number => Number(BigInt.asUintN(40, word >> 96n));

export async function onEpochAsked(tx: Executor, logs: EpochLogs<"EpochAsked">): Promise<void> {
  for (const { args, block } of logs)
    await sql`insert into oracle.period_questions (domain, number, question, until_at, at)
      values (${args.domain}, ${args.number}, ${lower(args.question)}, ${args.until}, ${block.timestamp})`.execute(
      tx,
    );
}

export async function onLateReported(tx: Executor, logs: EpochLogs<"LateReported">): Promise<void> {
  for (const { args, block, logIndex } of logs)
    await sql`insert into oracle.late_reports (block, log, question, epoch, round, entries, at)
      values (${block.number}, ${logIndex}, ${lower(args.question)}, ${args.epoch}, ${args.round}, ${args.entries},
        ${block.timestamp})`.execute(tx);
}
