import type { Hex } from "@sooth/kernel";
import { type Executor, sql } from "@sooth/store";
import { FEE_OPEN, OWING_STAKERS } from "./opinions/owing-rows.ts";

/**
 * How long a market is left alone whose every open payment has failed: it would keep others from their turn. Then each of
 * these payments gets another attempt, if it has any left.
 */
export const REFUSED_SECONDS = 3_600;

/** Leaves a market alone until `againAt` by the chain's clock; `payments` of it are given up. */
export const putAside = async (
  db: Executor,
  market: Hex,
  payments: number,
  againAt: number,
): Promise<void> => {
  await sql`insert into markets.refused (market, positions, again_at) values (${market}, ${payments}, ${againAt})
    on conflict (market) do update set positions = excluded.positions, again_at = excluded.again_at`.execute(
    db,
  );
};

/** Forgets those that owe nothing any more, whoever paid it; one that a reorg has owe again is put aside again when it fails again. */
export const forgetPaid = async (db: Executor): Promise<void> => {
  await sql`delete from markets.refused r
    where not exists (select 1 from markets.markets m where m.id = r.market and (m.unclaimed > 0 or m.fee_due is not null))
      and r.market not in ${OWING_STAKERS}
      and not exists (select 1 from markets.opinion_markets m where m.id = r.market and m.ending <> 'none' and ${FEE_OPEN})`.execute(
    db,
  );
};
