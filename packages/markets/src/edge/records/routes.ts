import type { Address } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { wireAddress } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  DIVISIONS,
  LEAST_MARKETS,
  leaderboardBy,
  leagueSeason,
  recordKind,
  recordPeriod,
  walletRecord,
  wireLeaderboard,
  wireLeague,
  wireWalletRecord,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import type { ReadCache } from "../read-cache.ts";
import { pageQuery } from "../routes/market-routes.ts";
import { sendJson } from "../routes/send-json.ts";
import { leaderboard } from "./leaderboard.ts";
import { league } from "./league.ts";
import { pastOpinions, pastPools } from "./past-rows.ts";

/** As many as a chart of any screen can show. */
const MAX_POINTS = 500;

const boardQuery = pageQuery.extend({
  by: leaderboardBy.default("profit"),
  kind: recordKind.optional().describe("both without"),
  period: recordPeriod.default("all").describe("of when the markets ended: the last 7, 30 or 365 days"),
});

const leagueQuery = z.object({
  season: leagueSeason.optional().describe("a calendar month, UTC; without it the one that runs"),
  division: z.coerce.number().int().min(1).max(DIVISIONS).default(DIVISIONS),
  owner: wireAddress.optional().describe("whose place is told as well"),
});

/** What wallets' stakes came to, from the rows that the chain's logs feed. */
export function recordRoutes(app: App, deps: Deps, cache: ReadCache): void {
  const { db } = deps.store;
  const tags = ["records"];
  // Each reads all that has ended.
  const config = { rateLimit: { max: 120, timeWindow: 60_000 } };

  app.get(
    "/v1/leaderboard",
    {
      config,
      schema: {
        operationId: "getLeaderboard",
        tags,
        summary: "Who did best with markets that have ended, by profit or by Brier score",
        description: `Only wallets with ${LEAST_MARKETS} of them or more. How the numbers are made: docs/records.md.`,
        querystring: boardQuery,
        response: { 200: wireLeaderboard },
      },
    },
    async ({ query }, reply) => {
      const view = async () => leaderboard(db, query, await chainTime(deps.hub));
      const key = `leaderboard ${JSON.stringify(query)}`;
      return sendJson(reply, await cache.json(key, wireLeaderboard, view, { ended: true }));
    },
  );

  app.get(
    "/v1/leagues",
    {
      config,
      schema: {
        operationId: "getLeague",
        tags,
        summary: "A division of the league in a month: who stands where, who rises and who falls",
        description: "By profit of the markets that ended in it. How it is made: docs/records.md.",
        querystring: leagueQuery,
        response: { 200: wireLeague },
      },
    },
    async ({ query }, reply) => {
      const asked = { ...query, owner: query.owner?.toLowerCase() as Address | undefined };
      const view = async () => league(db, asked, await chainTime(deps.hub));
      const key = `league ${JSON.stringify(asked)}`;
      return sendJson(reply, await cache.json(key, wireLeague, view, { ended: true }));
    },
  );

  app.get(
    "/v1/wallets/:address/record",
    {
      config,
      schema: {
        operationId: "getWalletRecord",
        tags,
        summary: "What one wallet's stakes came to: profit over time, Brier score and calibration",
        description: "How the numbers are made: docs/records.md.",
        params: z.object({ address: wireAddress }),
        response: { 200: wireWalletRecord },
      },
    },
    async ({ params }, reply) => {
      const owner = params.address.toLowerCase() as Address;
      const view = async () => {
        const now = await chainTime(deps.hub);
        const [pools, opinions] = await Promise.all([
          pastPools(db, owner, now),
          pastOpinions(db, owner, now),
        ]);
        const { staked, profit, history, ...record } = walletRecord(pools, opinions, MAX_POINTS);
        return {
          ...record,
          address: owner,
          least: LEAST_MARKETS,
          staked: String(staked),
          profit: String(profit),
          history: history.map((point) => ({ at: point.at, profit: String(point.profit) })),
        };
      };
      return sendJson(reply, await cache.json(`record ${owner}`, wireWalletRecord, view, { ended: true }));
    },
  );
}
