import type { Address, Amount, Bps } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { payOut, type PastOpinion, type PastPool, stanceOf } from "../../core/index.ts";
import { opinionStatusCondition } from "../opinions/market-rows.ts";

type PoolRow = {
  market: string;
  at: number;
  pools: Amount[];
  winner: number;
  fee_bps: Bps;
  outcome: number;
  staked: Amount;
  paid: Amount | null;
};

/** What `owner` had in pools that are settled at `now`, whenever that was. */
export async function pastPools(db: Executor, owner: Address, now: number): Promise<PastPool[]> {
  const found = await rows<PoolRow>(
    db,
    sql`select p.market, m.ends_at as at, m.pools, m.winner, m.fee_bps, p.outcome, p.staked, p.paid
      from markets.positions p join markets.markets m on m.id = p.market
      where p.owner = ${owner} and m.winner is not null and m.ends_at <= ${now} order by p.market, p.outcome`,
  );
  return [...Map.groupBy(found, ({ market }) => market).values()].flatMap((held) => {
    const [first] = held;
    if (!first) return [];
    const { at, pools, winner, fee_bps: feeBps } = first;
    const cameTo = held.reduce(
      (all, stake) => all + (stake.paid ?? payOut(stake, pools, { kind: "won", winner }, feeBps)),
      0n,
    ) as Amount;
    return [{ at, pools, winner, stakes: held.map(({ outcome, staked }) => ({ outcome, staked })), cameTo }];
  });
}

type OpinionRow = Omit<PastOpinion, "stance"> & { band: number | null };

/** The same of opinion markets: those that are scored, and drawn where something is drawn. */
export async function pastOpinions(db: Executor, owner: Address, now: number): Promise<PastOpinion[]> {
  const found = await rows<OpinionRow>(
    db,
    sql`select m.ended_at as at, o.band, m.score, o.amount as staked, o.paid + o.due + ${WON} as "cameTo"
      from markets.opinions o join markets.opinion_markets m on m.id = o.market
      where o.owner = ${owner} and ${opinionStatusCondition("settled", now)}`,
  );
  return found.map(({ band, ...row }) => ({ ...row, stance: band === null ? null : stanceOf(band) }));
}

/** Prizes that fell on the owner of `o`, paid or not; one that nobody claimed for half a year is the treasury's. */
export const WON = sql`coalesce((select sum(w.amount) from markets.opinion_prizes w
  where w.market = o.market and w.winner = o.owner and coalesce(w.paid_to, w.winner) = w.winner), 0)`;
