import type { drandBeaconAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { need } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { type Rule, tally } from "../../../core/index.ts";
import { lower, tellMarkets } from "../../logs/record.ts";
import { moved } from "../../transitions.ts";
import { booksOf } from "./book-rows.ts";
import { drawPrizes, setDues } from "./dues.ts";
import { type OpinionLogs, recordOpinions } from "./record.ts";

/** Scores fix what everybody is paid; what is drawn waits for the round. Hundreds of markets may be scored in one block. */
export async function onScored(tx: Executor, logs: OpinionLogs<"Scored">): Promise<void> {
  const ids = logs.map(({ args }) => lower(args.market));
  const found = await rows<{ id: string; rule: Rule; prizeBps: number }>(
    tx,
    sql`select id, rule, prize_bps as "prizeBps" from markets.opinion_markets where id = any(${ids}::text[])`,
  );
  const rules = new Map(found.map(({ id, rule }) => [id, rule]));
  const books = await booksOf(tx, ids);
  const scored = logs.map(({ args, block, transaction }) => {
    const id = lower(args.market);
    const rule = need(rules.get(id), `market ${id} that was scored`);
    const { facts } = tally(need(books.get(id), `the book of ${id}`).staked, args.score, rule);
    return {
      id,
      at: block.timestamp,
      tx: transaction,
      score: args.score,
      confidence: args.confidence,
      total: String(args.total),
      count: Number(args.count),
      facts: String(facts),
      round: args.round === 0n ? null : String(args.round),
    };
  });
  await sql`update markets.opinion_markets m set ending = 'scored', ended_at = s.at, ended_tx = s.tx, score = s.score,
      confidence = s.confidence, total = s.total, count = s.count, facts = s.facts, round = s.round
    from jsonb_to_recordset(${JSON.stringify(scored)}::jsonb) as s (id text, at bigint, tx text, score int,
      confidence int, total numeric, count int, facts numeric, round numeric) where m.id = s.id`.execute(tx);
  await setDues(tx, ids);
  const drawing = found.filter(({ prizeBps }) => prizeBps > 0).length;
  moved("opinions", "settled", ids.length - drawing);
  moved("opinions", "drawing", drawing);
  await drawPrizes(tx, ids);
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
  const ids = logs.map(({ args }) => lower(args.market));
  await sql`update markets.opinion_markets m set ending = 'void', why = v.why, ended_at = v.at, ended_tx = v.tx
    from unnest(${ids}::text[], ${logs.map(({ args }) => args.why)}::text[],
      ${logs.map(({ block }) => block.timestamp)}::bigint[], ${logs.map(({ transaction }) => transaction)}::text[])
      as v (id, why, at, tx) where m.id = v.id`.execute(tx);
  await setDues(tx, ids);
  await recordOpinions(
    tx,
    logs.map((log) => ({ kind: "voided", log, market: lower(log.args.market) })),
  );
  moved("opinions", "void", logs.length);
}

export async function onRearmed(tx: Executor, logs: OpinionLogs<"Rearmed">): Promise<void> {
  for (const { args } of logs) {
    const id = lower(args.market);
    await sql`update markets.opinion_markets set round = ${String(args.round)}::numeric where id = ${id}`.execute(
      tx,
    );
    await drawPrizes(tx, [id]);
  }
  await recordOpinions(
    tx,
    logs.map((log) => ({ kind: "rearmed", log, market: lower(log.args.market) })),
  );
}

export async function onForgone(tx: Executor, logs: OpinionLogs<"Forgone">): Promise<void> {
  const ids = logs.map(({ args }) => lower(args.market));
  await sql`update markets.opinion_markets set ending = 'undrawn' where id = any(${ids}::text[])`.execute(tx);
  await setDues(tx, ids);
  await recordOpinions(
    tx,
    logs.map((log) => ({ kind: "forgone", log, market: lower(log.args.market) })),
  );
  moved("opinions", "settled", logs.length);
}

/** Seeds of all rounds: one may be proved before a market names it, by who has a faster clock. */
export async function onProved(
  tx: Executor,
  logs: readonly FollowedLog<ArgsOf<typeof drandBeaconAbi, "Proved">>[],
): Promise<void> {
  const seeds = logs.map(({ args, block }) => ({
    round: String(args.round),
    seed: args.seed,
    at: block.timestamp,
  }));
  await sql`insert into markets.seeds
    select * from jsonb_populate_recordset(null::markets.seeds, ${JSON.stringify(seeds)}::jsonb)
    on conflict (round) do nothing`.execute(tx);
  const waiting = await rows<{ id: string }>(
    tx,
    sql`select id from markets.opinion_markets
      where round = any(${seeds.map(({ round }) => round)}::numeric[]) and seed is null and ending = 'scored' order by id`,
  );
  const ids = waiting.map(({ id }) => id);
  await drawPrizes(tx, ids);
  await tellMarkets(tx, ids);
}
