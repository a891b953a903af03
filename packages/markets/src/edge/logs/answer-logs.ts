import type { oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import type { Amount, Bps, Hex } from "@sooth/kernel";
import { decodeAnswerWord } from "@sooth/oracle/core";
import { type Executor, rows, sql } from "@sooth/store";
import { endingOf, feeOf } from "../../core/index.ts";
import { lower, tellMarkets } from "./record.ts";

type Logs = readonly FollowedLog<ArgsOf<typeof oracleAbi, "Answered">>[];
type Row = { id: string; question: Hex; ends_at: number; cuts: bigint[]; pools: Amount[]; fee_bps: Bps };

/** An answer fixes how the markets on its question will end: stakes closed before it could come. */
export async function onAnswered(tx: Executor, logs: Logs): Promise<void> {
  const words = new Map(logs.map(({ args }) => [lower(args.question), decodeAnswerWord(args.word)]));
  const resting = await rows<Row>(
    tx,
    sql`select id, question, ends_at, cuts, pools, fee_bps from markets.markets
      where question = any(${[...words.keys()]}::text[])`,
  );
  const endings = resting.flatMap(({ id, question, ends_at: endsAt, cuts, pools, fee_bps: feeBps }) => {
    const word = words.get(question);
    if (word?.state !== "answered") return [];
    const { at, result } = endingOf(word, endsAt - 1, { cuts }, pools);
    const winner = result.kind === "won" ? result.winner : null;
    return [{ id, at, winner, fee: feeOf(pools, result, feeBps) }];
  });
  if (endings.length === 0) return;
  await sql`
    update markets.markets m set answered = true, ends_at = e.at, winner = e.winner, fee_due = e.fee,
      unclaimed = case when e.winner is null then m.unclaimed else (
        select count(*) from markets.positions p where p.market = m.id and p.outcome = e.winner) end
    from unnest(
      ${endings.map(({ id }) => id)}::text[],
      ${endings.map(({ at }) => at)}::bigint[],
      ${endings.map(({ winner }) => winner)}::int[],
      ${endings.map(({ fee }) => (fee === 0n ? null : String(fee)))}::numeric[]) as e (id, at, winner, fee)
    where m.id = e.id`.execute(tx);
  await tellMarkets(
    tx,
    endings.map(({ id }) => id),
  );
}
