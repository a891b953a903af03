import type { Address, Amount } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { z } from "zod";
import {
  ALL_WRONG,
  LEAST_MARKETS,
  type leaderboardBy,
  type recordKind,
  type recordPeriod,
  type wireLeaderboard,
} from "../../core/index.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { opinionStatusCondition } from "../opinions/market-rows.ts";
import { WON } from "./past-rows.ts";

export type LeaderboardFilter = {
  by: z.infer<typeof leaderboardBy>;
  /** Both without. */
  kind?: z.infer<typeof recordKind> | undefined;
  period: z.infer<typeof recordPeriod>;
  cursor?: string | undefined;
  limit: number;
};
type Row = {
  rank: number;
  address: Address;
  markets: number;
  forecasts: number;
  staked: Amount;
  profit: bigint;
  brier: number | null;
};

const DAY = 86_400;
const SECONDS = { week: 7 * DAY, month: 30 * DAY, year: 365 * DAY, all: null } as const;
const who = z.string().regex(/^0x[0-9a-f]{40}$/);
const profitPlace = z.tuple([z.string().regex(/^-?\d{1,78}$/), who]);
const brierPlace = z.tuple([
  z.number().int().min(0).max(ALL_WRONG),
  z.number().int().min(0).max(2_147_483_647),
  who,
]);

/**
 * Who did best with markets that had ended by `now` and within the period, of those with enough of them. By Brier the lowest comes
 * first, and of the same who told more. The sums are those of `walletRecord`, made where the rows are. @throws markets.bad_cursor
 */
export async function leaderboard(
  db: Executor,
  { by, kind, period, cursor, limit }: LeaderboardFilter,
  now: number,
): Promise<z.infer<typeof wireLeaderboard>> {
  const seconds = SECONDS[period];
  const since = seconds === null ? null : Math.max(now - seconds, 0);
  const order = ORDERS[by];
  const found = await rows<Row>(
    db,
    sql`with past as (${pastStakes(now, since, kind)}),
      each as (select owner as address, count(*)::int as markets, count(brier)::int as forecasts, sum(staked) as staked,
          sum(came_to - staked) as profit, div(sum(brier), nullif(count(brier), 0))::int as brier
        from past group by owner),
      ranked as (select *, rank() over (order by ${order.by})::int as rank from each where ${order.least} >= ${LEAST_MARKETS})
      select * from ranked where ${cursor === undefined ? sql`true` : order.after(cursor)}
        order by ${order.by}, address limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    least: LEAST_MARKETS,
    since,
    items: page.map((row) => ({ ...row, staked: String(row.staked), profit: String(row.profit) })),
    next: found.length > limit && last ? encodeCursor(order.place(last)) : null,
  };
}

const ORDERS = {
  profit: {
    by: sql`profit desc`,
    least: sql`markets`,
    after: (cursor: string) => {
      const [profit, address] = decodeCursor(profitPlace, cursor);
      return sql`(profit < ${profit}::numeric or (profit = ${profit}::numeric and address > ${address}))`;
    },
    place: ({ profit, address }: Row) => [String(profit), address],
  },
  brier: {
    by: sql`brier, forecasts desc`,
    least: sql`forecasts`,
    after: (cursor: string) => {
      const [brier, forecasts, address] = decodeCursor(brierPlace, cursor);
      return sql`(brier > ${brier} or (brier = ${brier}
        and (forecasts < ${forecasts} or (forecasts = ${forecasts} and address > ${address}))))`;
    },
    place: ({ brier, forecasts, address }: Row) => [brier ?? ALL_WRONG, forecasts, address],
  },
};

/** A row for each wallet and market that had ended by `now`, and after `since`: what was staked, what it came to, and when it ended. */
export function pastStakes(now: number, since: number | null, kind?: z.infer<typeof recordKind>) {
  const parts = [
    ...(kind === "opinions" ? [] : [pools(now, since)]),
    ...(kind === "pools" ? [] : [opinions(now, since)]),
  ];
  return sql.join(parts, sql` union all `);
}

/** A row for each wallet and pool that is settled. Mirror of `poolBrier` and `payOut`, for a database. */
const pools = (now: number, since: number | null) =>
  sql`select p.owner, max(m.ends_at) as ended, sum(p.staked) as staked,
      sum(coalesce(p.paid, case when p.outcome = m.winner
        then p.staked + div((m.lost - div(m.lost * m.fee_bps, 10000)) * p.staked, m.won) else 0 end)) as came_to,
      div(${ALL_WRONG}::numeric * (sum(p.staked * p.staked) + sum(p.staked) * sum(p.staked)
          - 2 * coalesce(sum(p.staked) filter (where p.outcome = m.winner), 0) * sum(p.staked)),
        2 * nullif(sum(p.staked), 0) * sum(p.staked)) as brier
    from markets.positions p
    join (select id, winner, fee_bps, ends_at, pools[winner + 1] as won, volume - pools[winner + 1] as lost from markets.markets
      where winner is not null and ends_at <= ${now} and ends_at > ${since ?? -1}) m on m.id = p.market
    group by p.owner, p.market`;

/** The same of opinion markets; mirror of `opinionBrier`. */
const opinions = (now: number, since: number | null) =>
  sql`select o.owner, m.ended_at as ended, o.amount as staked, o.paid + o.due + ${WON} as came_to,
      (o.band * 5 - m.score) * (o.band * 5 - m.score) * 100::numeric as brier
    from markets.opinions o join markets.opinion_markets m on m.id = o.market
    where ${opinionStatusCondition("settled", now)} and m.ended_at > ${since ?? -1}`;
