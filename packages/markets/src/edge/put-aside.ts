import type { Hex } from "@sooth/kernel";
import { type Executor, sql } from "@sooth/store";

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
