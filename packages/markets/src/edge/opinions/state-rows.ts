import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { type HiddenStance, OPINION_LIMITS, type ToldStance } from "../../core/index.ts";

/** Ids of markets that may have a step due at `now`: the first of them by when it was due. */
export const unsettledMarkets = async (db: Executor, now: number, limit: number): Promise<Hex[]> =>
  ids(
    await rows<{ id: Hex }>(
      db,
      sql`select id from markets.opinion_markets
        where (ending = 'none' and (final_at <= ${now} or closes_at <= ${now - OPINION_LIMITS.scoreSeconds}))
          or (ending = 'scored' and prize_bps > 0 and seed is null)
        order by least(final_at, closes_at + ${OPINION_LIMITS.scoreSeconds}::bigint), id limit ${limit}`,
    ),
  );

const ids = (found: readonly { id: Hex }[]): Hex[] => found.map(({ id }) => id);

/** Hidden stances of closed markets that nobody has opened here: the first by closing, then by when they were staked. */
export const unopenedStances = (db: Executor, now: number, limit: number): Promise<HiddenStance[]> =>
  rows(
    db,
    sql`select s.market, s.owner, s.commitment, s.sealed from markets.opinion_markets m
      join markets.opinions o on o.market = m.id and o.band is null
      join markets.opinion_secrets s on s.market = m.id and s.owner = o.owner and s.sealed <> '0x'
      where m.reveal_seconds > 0 and m.closes_at <= ${now} and m.closes_at + m.reveal_seconds > ${now}
        and not exists (select 1 from markets.opened_stances t where t.market = s.market and t.owner = s.owner
          and t.commitment = s.commitment and t.sealed = s.sealed)
      order by m.closes_at, m.id, o.number limit ${limit}`,
  );

export type Tellable = ToldStance & { market: Hex; owner: Address };

/** Stances that were opened here and may be told at `now`. */
export const tellableStances = (db: Executor, now: number, limit: number): Promise<Tellable[]> =>
  rows(
    db,
    sql`select t.market, t.owner, t.band, t.salt from markets.opinion_markets m
      join markets.opinions o on o.market = m.id and o.band is null
      join markets.opinion_secrets s on s.market = m.id and s.owner = o.owner
      join markets.opened_stances t on t.market = s.market and t.owner = s.owner
        and t.commitment = s.commitment and t.sealed = s.sealed and t.band is not null
      where m.reveal_seconds > 0 and m.closes_at <= ${now} and m.closes_at + m.reveal_seconds > ${now}
      order by m.closes_at, m.id, o.number limit ${limit}`,
  );

/** Rounds that draw and are not proved. */
export const awaitedRounds = async (db: Executor): Promise<bigint[]> => {
  const found = await rows<{ round: bigint }>(
    db,
    sql`select distinct round from markets.opinion_markets
      where ending = 'scored' and round is not null and seed is null order by round limit 200`,
  );
  return found.map(({ round }) => round);
};
