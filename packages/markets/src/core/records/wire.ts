import { wireAddress, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { ALL_WRONG } from "./brier.ts";
import { DIVISIONS } from "./leagues.ts";

/** JSON shapes of what wallets' stakes came to. Amounts are decimal strings in the collateral's smallest unit. */
const brier = z.number().int().min(0).max(ALL_WRONG);
const count = z.number().int().nonnegative();
const share = z.number().int().min(0).max(10_000);
const stood = {
  address: wireAddress,
  /** Markets that ended with a result; void ones do not count. */
  markets: count,
  /** Of them those in which a stance was told, or an outcome backed. */
  forecasts: count,
  staked: wireInteger,
  /** What came back, prizes too, less what was staked. */
  profit: wireInteger,
  /** Mean over the markets, millionths, 0 is best; null without a forecast. */
  brier: brier.nullable(),
};

export const leaderboardBy = z.enum(["profit", "brier"]);
export const recordKind = z.enum(["pools", "opinions"]);
export const recordPeriod = z.enum(["week", "month", "year", "all"]);

export const wireLeader = z.object({
  /** Who stands the same has the same. */
  rank: z.number().int().positive(),
  ...stood,
});
export const wireLeaderboard = z.object({
  /** Markets, or forecasts, that one needs to be ranked. */
  least: count,
  /** Markets that ended after it; null: all. */
  since: wireSeconds.nullable(),
  items: z.array(wireLeader),
  next: z.string().nullable(),
});

export const leagueSeason = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .describe("a calendar month, UTC, such as 2026-11");
const wireStanding = z.object({
  /** 1 is the best. */
  division: z.number().int().min(1).max(DIVISIONS),
  /** In the division, by profit; who stands the same has the same. */
  rank: z.number().int().positive(),
  address: wireAddress,
  markets: count,
  /** Of the markets that ended in the season. */
  profit: wireInteger,
  /** Where one goes when the season ends as it stands. */
  goes: z.enum(["up", "stays", "down"]),
});
export const wireLeague = z.object({
  season: leagueSeason,
  /** From then on, and before then. */
  from: wireSeconds,
  until: wireSeconds,
  isOver: z.boolean(),
  /** The season that runs. */
  current: leagueSeason,
  /** The first season that anything ended in; null where nothing has. */
  first: leagueSeason.nullable(),
  divisions: z.array(z.object({ division: z.number().int(), size: count })),
  /** The best of the division that was asked for. */
  items: z.array(wireStanding),
  /** Of who was asked about, wherever he stands; null where nothing of his ended in the season. */
  own: wireStanding.nullable(),
});

const wireBucket = z.object({
  /** Forecasts from it on, to the next tenth; basis points. */
  from: share,
  count,
  /** What they said on average. */
  said: share,
  /** What came on average. */
  came: share,
});
export const wireWalletRecord = z.object({
  ...stood,
  least: count,
  /** Markets from which more came back than was staked. */
  won: count,
  /** Profit by stake, basis points, rounded towards zero; null where nothing was staked. */
  returnBps: z.number().int().nullable(),
  calibration: z.object({
    /** Outcomes that were backed, by the share of all stakes that they held at the end, and how often they won. */
    pools: z.array(wireBucket),
    /** Stances, and the scores. */
    opinions: z.array(wireBucket),
  }),
  /** Profit after each end, the first first. */
  history: z.array(z.object({ at: wireSeconds, profit: wireInteger })),
});
