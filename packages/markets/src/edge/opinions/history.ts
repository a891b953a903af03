import type { Amount } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { BANDS, stanceOf, type wireOpinionPoint } from "../../core/index.ts";
import { MAX_POINTS } from "../history.ts";

type Row = { at: number; block: number; staked: Amount; opinions: number; told: Amount; stances: bigint };

/**
 * What was staked and where its mean stood after each stake and each stance that was told; with more than 500 of them, after
 * every n-th and the last. A hidden stake counts at once, its stance from when it is told.
 */
export async function opinionHistory(
  db: Executor,
  market: string,
): Promise<z.infer<typeof wireOpinionPoint>[]> {
  const stances = Array.from({ length: BANDS }, (_, band) => stanceOf(band));
  const found = await rows<Row>(
    db,
    sql<Row>`with moved as (
        select a.at, a.block, a.log, a.kind, o.amount, a.band is not null as is_told,
          coalesce((${stances}::int[])[a.band + 1], 0) as stance
        from markets.opinion_activity a join markets.opinions o on o.market = a.market and o.owner = a.who
        where a.market = ${market} and a.kind in ('staked', 'revealed')),
      summed as (
        select at, block, row_number() over w as number, count(*) over () as number_of_all,
          sum(amount) filter (where kind = 'staked') over w as staked,
          count(*) filter (where kind = 'staked') over w as opinions,
          coalesce(sum(amount) filter (where is_told) over w, 0) as told,
          coalesce(sum(amount * stance) filter (where is_told) over w, 0) as stances
        from moved window w as (order by block, log))
      select at, block, staked, opinions::int as opinions, told, stances from summed
      where number = number_of_all or number % ceil(number_of_all / ${MAX_POINTS - 1}::numeric) = 0 order by number`,
  );
  return found.map(({ at, block, staked, opinions, told, stances: sum }) => ({
    at,
    block,
    staked: String(staked),
    opinions,
    crowd: told === 0n ? null : Number((sum * 100n) / told),
  }));
}
