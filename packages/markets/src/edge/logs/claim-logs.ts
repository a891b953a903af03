import { counter } from "@sooth/runtime";
import { need } from "@sooth/kernel";
import { type Executor, sql } from "@sooth/store";
import { type Logs, lower, questionOf, record } from "./record.ts";

const claims = counter("markets_claims_total", "Claims seen on chain; one that a reorg undid counts again");

export async function onClaimed(tx: Executor, logs: Logs<"Claimed">): Promise<void> {
  await sql`
    update markets.positions p set paid = c.paid
    from unnest(
      ${logs.map(({ args }) => lower(args.market))}::text[],
      ${logs.map(({ args }) => args.outcome)}::int[],
      ${logs.map(({ args }) => lower(args.owner))}::text[],
      ${logs.map(({ args }) => String(args.paid))}::numeric[]) as c (market, outcome, owner, paid)
    where p.market = c.market and p.outcome = c.outcome and p.owner = c.owner`.execute(tx);
  const ids = logs.map(({ args }) => lower(args.market));
  await sql`
    update markets.markets m set unclaimed = m.unclaimed - c.claims
    from (select market, count(*) as claims from unnest(${ids}::text[]) as market group by market) c
    where m.id = c.market`.execute(tx);
  const questions = await questionOf(tx, ids);
  await record(
    tx,
    logs.map((log) => {
      const market = lower(log.args.market);
      const { outcome, paid } = log.args;
      const question = need(questions.get(market), `market ${market} of a claim`);
      return {
        kind: "claimed",
        log,
        market,
        question,
        who: lower(log.args.owner),
        outcome,
        amount: paid,
        stakeNo: null,
      };
    }),
  );
  claims.inc(logs.length);
}

export async function onFeeCollected(tx: Executor, logs: Logs<"FeeCollected">): Promise<void> {
  const ids = logs.map(({ args }) => lower(args.market));
  await sql`update markets.markets set fee_due = null where id = any(${ids}::text[])`.execute(tx);
  const questions = await questionOf(tx, ids);
  await record(
    tx,
    logs.map((log) => {
      const market = lower(log.args.market);
      const question = need(questions.get(market), `market ${market} of a fee`);
      const { creator, fee } = log.args;
      return {
        kind: "fee",
        log,
        market,
        question,
        who: lower(creator),
        outcome: null,
        amount: fee,
        stakeNo: null,
      };
    }),
  );
}
