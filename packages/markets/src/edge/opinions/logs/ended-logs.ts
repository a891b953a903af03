import type { drandBeaconAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import { type Rule, tally } from "../../../core/index.ts";
import { lower, tellMarkets } from "../../logs/record.ts";
import { booksOf } from "./book-rows.ts";
import { drawPrizes, setDues } from "./dues.ts";
import { type OpinionLogs, recordOpinions } from "./record.ts";

/** A market's score fixes what everybody is paid; what is drawn waits for the round. */
export async function onScored(tx: Executor, logs: OpinionLogs<"Scored">): Promise<void> {
  for (const { args, block, transaction } of logs) {
    const id = lower(args.market);
    const { rule } = need(
      await one<{ rule: Rule }>(tx, sql`select rule from markets.opinion_markets where id = ${id}`),
      `market ${id} that was scored`,
    );
    const book = need((await booksOf(tx, [id])).get(id), `the book of ${id}`);
    const { facts } = tally(book.staked, args.score, rule);
    await sql`update markets.opinion_markets set ending = 'scored', ended_at = ${block.timestamp},
      ended_tx = ${transaction}, score = ${args.score}, confidence = ${args.confidence},
      total = ${String(args.total)}::numeric, count = ${Number(args.count)}, facts = ${String(facts)}::numeric,
      round = ${args.round === 0n ? null : String(args.round)}::numeric where id = ${id}`.execute(tx);
    await setDues(tx, id);
    await drawPrizes(tx, id);
  }
  await recordOpinions(
    tx,
    logs.map((log) => ({
      kind: "scored",
      log,
      market: lower(log.args.market),
      amount: BigInt(log.args.score),
    })),
  );
}

export async function onVoided(tx: Executor, logs: OpinionLogs<"Voided">): Promise<void> {
  for (const { args, block, transaction } of logs) {
    const id = lower(args.market);
    await sql`update markets.opinion_markets set ending = 'void', why = ${args.why}, ended_at = ${block.timestamp},
      ended_tx = ${transaction} where id = ${id}`.execute(tx);
    await setDues(tx, id);
  }
  await recordOpinions(
    tx,
    logs.map((log) => ({ kind: "voided", log, market: lower(log.args.market) })),
  );
}

export async function onRearmed(tx: Executor, logs: OpinionLogs<"Rearmed">): Promise<void> {
  for (const { args } of logs) {
    const id = lower(args.market);
    await sql`update markets.opinion_markets set round = ${String(args.round)}::numeric where id = ${id}`.execute(
      tx,
    );
    await drawPrizes(tx, id);
  }
  await recordOpinions(
    tx,
    logs.map((log) => ({ kind: "rearmed", log, market: lower(log.args.market) })),
  );
}

export async function onForgone(tx: Executor, logs: OpinionLogs<"Forgone">): Promise<void> {
  for (const { args } of logs) {
    const id = lower(args.market);
    await sql`update markets.opinion_markets set ending = 'undrawn' where id = ${id}`.execute(tx);
    await setDues(tx, id);
  }
  await recordOpinions(
    tx,
    logs.map((log) => ({ kind: "forgone", log, market: lower(log.args.market) })),
  );
}

/** Seeds of all rounds: one may be proved before a market names it, by who has a faster clock. */
export async function onProved(
  tx: Executor,
  logs: readonly FollowedLog<ArgsOf<typeof drandBeaconAbi, "Proved">>[],
): Promise<void> {
  const seeds = logs.map(({ args }) => ({ round: String(args.round), seed: args.seed }));
  await sql`insert into markets.seeds
    select * from jsonb_populate_recordset(null::markets.seeds, ${JSON.stringify(seeds)}::jsonb)
    on conflict (round) do nothing`.execute(tx);
  const waiting = await rows<{ id: string }>(
    tx,
    sql`select id from markets.opinion_markets
      where round = any(${seeds.map(({ round }) => round)}::numeric[]) and seed is null and ending = 'scored' order by id`,
  );
  for (const { id } of waiting) await drawPrizes(tx, id);
  await tellMarkets(
    tx,
    waiting.map(({ id }) => id),
  );
}
