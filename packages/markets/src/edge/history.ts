import { type Amount, at } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import type { wirePoint } from "../core/index.ts";
import type { StoredMarket } from "./market-rows.ts";

/** As many as a chart of any screen can show. */
export const MAX_POINTS = 500;

type Row = { bucket: number; outcome: number; amount: Amount; at: number; block: number };

/** The pools after each stake; with more than 500 stakes, after every n-th. Starts with the empty pools. */
export async function marketHistory(
  db: Executor,
  market: StoredMarket,
): Promise<z.infer<typeof wirePoint>[]> {
  const stride = Math.ceil(market.stakes / (MAX_POINTS - 1)) || 1;
  const found = await rows<Row>(
    db,
    sql`select (stake_no - 1) / ${stride}::int as bucket, outcome, sum(amount) as amount,
        max(at) as at, max(block) as block
      from markets.activity where market = ${market.id} and kind = 'staked'
      group by bucket, outcome order by bucket`,
  );
  const pools = market.pools.map(() => 0n);
  const point = (moment: number, block: number) => ({ at: moment, block, pools: pools.map(String) });
  const points = [point(market.openedAt, market.openedBlock)];
  for (const bucket of Map.groupBy(found, (row) => row.bucket).values()) {
    for (const { outcome, amount } of bucket) pools[outcome] = at(pools, outcome) + amount;
    points.push(
      point(Math.max(...bucket.map((row) => row.at)), Math.max(...bucket.map(({ block }) => block))),
    );
  }
  return points;
}
