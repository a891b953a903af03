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

/**
 * Hidden stances that nobody has opened here, of markets that closed at `closedBy` at the latest and are told until after `now`. Markets
 * take turns, the first to be told up first, and of each the largest stakes come first: noise is dear to open and cheap to stake, so
 * a flood of it must neither hold up other markets nor what is worth more.
 */
export const unopenedStances = (
  db: Executor,
  { closedBy, now, limit }: { closedBy: number; now: number; limit: number },
): Promise<HiddenStance[]> =>
  rows(
    db,
    sql`select h.market, h.owner, h.commitment, h.sealed from markets.opinion_markets m
      cross join lateral (
        select s.market, s.owner, s.commitment, s.sealed, row_number() over (order by o.amount desc, o.number) as turn
        from markets.opinions o
        join markets.opinion_secrets s on s.market = o.market and s.owner = o.owner and s.sealed <> '0x'
        where o.market = m.id and o.band is null
          and not exists (select 1 from markets.opened_stances t where t.market = s.market and t.owner = s.owner
            and t.commitment = s.commitment and t.sealed = s.sealed)
        order by o.amount desc, o.number limit ${limit}) h
      where m.reveal_seconds > 0 and m.closes_at <= ${closedBy} and m.closes_at + m.reveal_seconds > ${now}
      order by h.turn, m.closes_at + m.reveal_seconds, m.id limit ${limit}`,
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
      order by m.closes_at + m.reveal_seconds, m.id, o.number limit ${limit}`,
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
