import type { Address } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  DIVISIONS,
  seasonOf,
  type SeasonResult,
  seasonsBetween,
  type Standing,
  standings,
  startsAt,
  type wireLeague,
} from "../../core/index.ts";
import { pastStakes } from "./leaderboard.ts";

export type LeagueAsked = { season?: string | undefined; division: number; owner?: Address | undefined };

/** As many as a page shows of one division. */
const MOST = 100;

/** Where everybody stands in a season that has ended, or so far, as all seasons up to it have it. */
export async function league(
  db: Executor,
  { season: asked, division, owner }: LeagueAsked,
  now: number,
): Promise<z.infer<typeof wireLeague>> {
  const current = seasonOf(now);
  const season = asked === undefined || asked > current ? current : asked;
  const until = startsAt(seasonOf(startsAt(season) + 32 * 86_400));
  const bySeason = await resultsBefore(db, until, now);
  const first = [...bySeason.keys()].toSorted()[0] ?? null;
  const all = first === null ? [] : seasonsBetween(first, season).map((each) => bySeason.get(each) ?? []);
  const placed = standings(all);
  const own = owner && placed.find(({ address }) => address === owner);
  return {
    season,
    from: startsAt(season),
    until,
    isOver: now >= until,
    current,
    first,
    divisions: Array.from({ length: DIVISIONS }, (_, index) => ({
      division: index + 1,
      size: placed.filter((one) => one.division === index + 1).length,
    })),
    items: placed
      .filter((one) => one.division === division)
      .slice(0, MOST)
      .map(toWire),
    own: own ? toWire(own) : null,
  };
}

const toWire = ({ profit, ...standing }: Standing) => ({ ...standing, profit: String(profit) });

/** What everybody's stakes came to in each season, of markets that ended before then, as far as is known now. */
async function resultsBefore(db: Executor, until: number, now: number): Promise<Map<string, SeasonResult[]>> {
  const found = await rows<SeasonResult & { season: string }>(
    db,
    sql`select to_char(to_timestamp(ended) at time zone 'UTC', 'YYYY-MM') as season, owner as address,
        count(*)::int as markets, sum(came_to - staked) as profit
      from (${pastStakes(now, null)}) past where ended < ${until} group by 1, 2`,
  );
  const bySeason = Map.groupBy(found, ({ season }) => season);
  return new Map(
    [...bySeason].map(([season, results]) => [
      season,
      results.map(({ address, profit, markets }) => ({ address, profit, markets })),
    ]),
  );
}
