import { type Executor, sql } from "@sooth/store";
import { lower } from "../../logs/record.ts";
import { type OpinionLogs, recordOpinions } from "./record.ts";

export async function onClaimedOpinions(tx: Executor, logs: OpinionLogs<"Claimed">): Promise<void> {
  const markets = logs.map(({ args }) => lower(args.market));
  const owners = logs.map(({ args }) => lower(args.owner));
  // Nobody claims twice in one run: what may be claimed twice has its prizes forgone in between.
  await sql`
    with c as (select market, owner, sum(paid) as paid
      from unnest(${markets}::text[], ${owners}::text[], ${logs.map(({ args }) => String(args.paid))}::numeric[])
        as c (market, owner, paid) group by market, owner),
    before as (select o.market, count(*) filter (where o.due > 0) as claims, sum(o.due) as due
      from markets.opinions o join c on c.market = o.market and c.owner = o.owner group by o.market),
    done as (update markets.opinions o set paid = o.paid + c.paid, due = 0,
        shared = o.band is not null and coalesce((select m.ending = 'undrawn' from markets.opinion_markets m where m.id = o.market), false)
      from c where o.market = c.market and o.owner = c.owner)
    update markets.opinion_books b set due = b.due - before.due, due_count = b.due_count - before.claims
      from before where b.market = before.market`.execute(tx);
  await recordOpinions(
    tx,
    logs.map((log) => ({
      kind: "claimed",
      log,
      market: lower(log.args.market),
      who: lower(log.args.owner),
      amount: log.args.paid,
    })),
  );
}

export async function onPrizePaid(tx: Executor, logs: OpinionLogs<"PrizePaid">): Promise<void> {
  await sql`update markets.opinion_prizes p set paid_to = d.owner
    from unnest(${logs.map(({ args }) => lower(args.market))}::text[], ${logs.map(({ args }) => Number(args.prize))}::int[],
      ${logs.map(({ args }) => lower(args.owner))}::text[]) as d (market, prize, owner)
    where p.market = d.market and p.prize = d.prize`.execute(tx);
  await recordOpinions(
    tx,
    logs.map((log) => ({
      kind: "prize",
      log,
      market: lower(log.args.market),
      who: lower(log.args.owner),
      amount: log.args.paid,
    })),
  );
}

export async function onOpinionFee(tx: Executor, logs: OpinionLogs<"FeeCollected">): Promise<void> {
  const ids = logs.map(({ args }) => lower(args.market));
  await sql`update markets.opinion_markets set fee_paid = true where id = any(${ids}::text[])`.execute(tx);
  await recordOpinions(
    tx,
    logs.map((log) => ({
      kind: "fee",
      log,
      market: lower(log.args.market),
      who: lower(log.args.creator),
      amount: log.args.fee,
    })),
  );
}
