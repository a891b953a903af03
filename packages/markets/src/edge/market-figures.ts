import { type BlockRef, collateralToken } from "@sooth/chain";
import { need } from "@sooth/kernel";
import { gauge } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import { marketStatus, type MarketStatus, opinionStatus, type OpinionStatus } from "../core/index.ts";
import type { Deps } from "./deps.ts";
import { statusCondition } from "./market-rows.ts";
import { opinionStatusCondition } from "./opinions/market-rows.ts";
import { OWING_STAKERS } from "./opinions/owing-rows.ts";
import { tellStakers } from "./stakers.ts";
import { countMovedByClock } from "./transitions.ts";

const byStatus = gauge("markets_by_status", "Markets, by where they stand", ["kind", "status"]);
const staked = gauge("markets_staked", "Collateral staked since the first block, whole units", ["kind"]);
const settling = gauge(
  "markets_opinions_settling",
  "Opinion markets that wait for a step: their score, the round that draws, or the last payment",
  ["step"],
);
const latency = gauge(
  "markets_opinions_settlement_seconds",
  "Chain time from the final answer to score and to last payment, of opinion markets settled in the last 24 hours",
  ["step", "quantile"],
);
const draws = gauge(
  "markets_opinions_draws",
  "Opinion markets with prizes that were scored in the last 24 hours, by what became of their draw",
  ["outcome"],
);

const DAY = 86_400;
/** Chain time between two looks: nobody scrapes more often. */
const EVERY = 15;
/** Between two counts of wallets: they are many, and grow by days. */
const STAKERS_EVERY = 300;
const QUANTILES = [0.5, 0.95, 0.99] as const;

export type MarketFigures = {
  pools: Record<MarketStatus, number>;
  opinions: Record<OpinionStatus, number>;
  staked: { pools: bigint; opinions: bigint };
  settling: { score: number; draw: number; pay: number };
  draws: { drawn: number; waiting: number; replaced: number; forgone: number };
  /** Seconds at each of the quantiles; null where no market was settled. */
  latency: { score: number[]; paid: number[] } | null;
};

/** Of the block at `now`, unix seconds; collateral in its smallest unit. */
export async function marketFigures(db: Executor, now: number): Promise<MarketFigures> {
  const [pools, opinions, sums, steps, drawn, times] = await Promise.all([
    countsOf(db, marketStatus.options, sql`markets.markets`, (status) => statusCondition(status, now)),
    countsOf(db, opinionStatus.options, sql`markets.opinion_markets m`, (status) =>
      opinionStatusCondition(status, now),
    ),
    one<MarketFigures["staked"]>(
      db,
      sql`select (select coalesce(sum(volume), 0) from markets.markets) as pools,
        (select coalesce(sum(volume), 0) from markets.opinion_books) as opinions`,
    ),
    one<MarketFigures["settling"]>(
      db,
      sql`select (select count(*)::int from markets.opinion_markets m
            where m.ending = 'none' and m.answer <> 'disputed' and m.final_at <= ${now}) as score,
          (select count(*)::int from markets.opinion_markets m
            where m.ending = 'scored' and m.prize_bps > 0 and m.seed is null) as draw,
          (select count(*)::int from markets.opinion_markets m
            where m.ending <> 'none' and m.id in ${OWING_STAKERS}) as pay`,
    ),
    one<MarketFigures["draws"]>(
      db,
      sql`select count(*) filter (where m.seed is not null)::int as drawn,
          count(*) filter (where m.ending = 'scored' and m.seed is null)::int as waiting,
          count(*) filter (where exists (select 1 from markets.opinion_activity a
            where a.market = m.id and a.kind = 'rearmed'))::int as replaced,
          count(*) filter (where m.ending = 'undrawn')::int as forgone
        from markets.opinion_markets m
        where m.ended_at > ${now - DAY} and m.ending in ('scored', 'undrawn') and m.prize_bps > 0`,
    ),
    settlementTimes(db, now),
  ]);
  return {
    pools,
    opinions,
    staked: need(sums, "sums"),
    settling: need(steps, "counts"),
    draws: need(drawn, "counts"),
    latency: times,
  };
}

async function countsOf<S extends string>(
  db: Executor,
  statuses: readonly S[],
  from: ReturnType<typeof sql>,
  condition: (status: S) => ReturnType<typeof sql>,
): Promise<Record<S, number>> {
  const counts = statuses.map(
    (status) => sql`count(*) filter (where ${condition(status)})::int as ${sql.ref(status)}`,
  );
  return need(await one<Record<S, number>>(db, sql`select ${sql.join(counts)} from ${from}`), "counts");
}

async function settlementTimes(db: Executor, now: number): Promise<MarketFigures["latency"]> {
  const found = await rows<{ score: number[] | null; paid: number[] | null }>(
    db,
    sql`with settled as (
        select m.ended_at - m.final_at as score, (select max(a.at) from markets.opinion_activity a
          where a.market = m.id and a.kind in ('claimed', 'prize', 'fee')) - m.final_at as paid
        from markets.opinion_markets m
        where m.ending = 'scored' and m.ended_at > ${now - DAY} and (m.prize_bps = 0 or m.seed is not null)
          and m.id not in ${OWING_STAKERS})
      select percentile_disc(${[...QUANTILES]}::float[]) within group (order by score) as score,
        percentile_disc(${[...QUANTILES]}::float[]) within group (order by coalesce(paid, score)) as paid from settled`,
  );
  const [{ score, paid } = { score: null, paid: null }] = found;
  return score && paid ? { score: score.map(Number), paid: paid.map(Number) } : null;
}

const lastTold = new WeakMap<object, { figures: number; stakers: number }>();
// A reorg may take the clock back.
const isPast = (last: number | undefined, every: number, now: number): boolean =>
  last === undefined || Math.abs(now - last) >= every;

/** The figures by which one sees how markets do. Read from the tables that the logs feed, by one worker. */
export async function tellMarketFigures(
  { store, hub, addresses }: Pick<Deps, "store" | "hub" | "addresses">,
  { timestamp: now }: Pick<BlockRef, "timestamp">,
): Promise<void> {
  const before = lastTold.get(store);
  if (!isPast(before?.figures, EVERY, now)) return;
  const withStakers = isPast(before?.stakers, STAKERS_EVERY, now);
  if (withStakers) await tellStakers(store.db);
  const [found, { decimals }] = await Promise.all([
    marketFigures(store.db, now),
    collateralToken(hub, addresses),
  ]);
  for (const kind of ["pools", "opinions"] as const) {
    for (const [status, count] of Object.entries(found[kind])) byStatus.set({ kind, status }, count);
    staked.set({ kind }, Number(found.staked[kind]) / 10 ** decimals);
  }
  for (const [step, count] of Object.entries(found.settling)) settling.set({ step }, count);
  for (const [outcome, count] of Object.entries(found.draws)) draws.set({ outcome }, count);
  // Of no market there is no time.
  latency.reset();
  for (const [step, times] of Object.entries(found.latency ?? {}))
    for (const [index, quantile] of QUANTILES.entries()) latency.set({ step, quantile }, times[index] ?? 0);
  // Last: what fails before is told again, and what moved since the last look is counted then, once.
  if (before) await countMovedByClock(store.db, before.figures, now);
  lastTold.set(store, { figures: now, stakers: withStakers ? now : (before?.stakers ?? now) });
}
