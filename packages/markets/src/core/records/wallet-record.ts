import { type Amount, ascending, at } from "@sooth/kernel";
import { sharesBps } from "../rules/parimutuel.ts";
import { opinionBrier, poolBrier } from "./brier.ts";

/** Before so many markets of his have ended nobody is ranked: one lucky stake says nothing. */
export const LEAST_MARKETS = 5;
/** Buckets of a calibration: ten of a tenth each. */
export const BUCKETS = 10;
const WHOLE = 10_000;

/** What one wallet had in a pool that is settled. `cameTo`: paid, or to be paid. */
export type PastPool = {
  at: number;
  /** Of everybody, as they closed. */
  pools: readonly Amount[];
  winner: number;
  stakes: readonly { outcome: number; staked: Amount }[];
  cameTo: Amount;
};
/** What one wallet had in an opinion market that is settled; the stance is null where it never told it. Prizes count. */
export type PastOpinion = {
  at: number;
  stance: number | null;
  score: number;
  staked: Amount;
  cameTo: Amount;
};

/** Forecasts from `from` on, the last to the end, in basis points: what they said on average, and what came. Rounded down. */
export type Bucket = { from: number; count: number; said: number; came: number };
export type WalletRecord = {
  /** Markets of the wallet that ended with a result; void ones do not count. */
  markets: number;
  /** Of them those in which it said something. */
  forecasts: number;
  /** Of the markets those from which more came back than was staked. */
  won: number;
  staked: Amount;
  /** What came back, less what was staked; may be less than zero. */
  profit: bigint;
  /** Profit by stake in basis points, rounded towards zero; null where nothing was staked. */
  returnBps: number | null;
  /** Mean over the markets, each counts the same; millionths, rounded down; null without a forecast. */
  brier: number | null;
  calibration: { pools: Bucket[]; opinions: Bucket[] };
  /** The profit after each end, the first first; with more than `most` of them after every n-th, and the last. */
  history: { at: number; profit: bigint }[];
};

/**
 * What a wallet's stakes came to. Calibration of pools: each outcome it backed, at the share of all stakes that the outcome held
 * when it closed, which is the price that every stake on it paid; what came is whether it won. Of opinions: the stance, and what
 * came is the score.
 */
export function walletRecord(
  pools: readonly PastPool[],
  opinions: readonly PastOpinion[],
  most: number,
): WalletRecord {
  const briers = [
    ...pools.map(({ stakes, winner }) => poolBrier(stakes, winner)),
    ...opinions.map(({ stance, score }) => (stance === null ? null : opinionBrier(stance, score))),
  ].filter((one) => one !== null);
  const ends = [
    ...pools.map(({ at: time, stakes, cameTo }) => ({ at: time, staked: stakedOf(stakes), cameTo })),
    ...opinions,
  ];
  const total = ends.reduce((all, { staked }) => all + staked, 0n);
  const profit = ends.reduce((all, { staked, cameTo }) => all + cameTo - staked, 0n);
  return {
    markets: ends.length,
    forecasts: briers.length,
    won: ends.filter(({ staked, cameTo }) => cameTo > staked).length,
    staked: total as Amount,
    profit,
    returnBps: total === 0n ? null : Number((profit * BigInt(WHOLE)) / total),
    brier: briers.length === 0 ? null : mean(briers),
    calibration: {
      pools: bucketsOf(pools.flatMap(saidOfPool)),
      opinions: bucketsOf(opinions.flatMap(saidOfOpinion)),
    },
    history: thinned(profits(ends), most),
  };
}

const stakedOf = (stakes: PastPool["stakes"]): Amount =>
  stakes.reduce((all, { staked }) => all + staked, 0n) as Amount;

type Said = { said: number; came: number };
const saidOfPool = ({ pools, stakes, winner }: PastPool): Said[] => {
  const shares = sharesBps(pools);
  return stakes.map(({ outcome }) => ({ said: at(shares, outcome), came: outcome === winner ? WHOLE : 0 }));
};
const saidOfOpinion = ({ stance, score }: PastOpinion): Said[] =>
  stance === null ? [] : [{ said: (stance * WHOLE) / 100, came: (score * WHOLE) / 100 }];

/** Those that hold something, in their order. */
function bucketsOf(forecasts: readonly Said[]): Bucket[] {
  const width = WHOLE / BUCKETS;
  return [...Map.groupBy(forecasts, ({ said }) => Math.min(Math.floor(said / width), BUCKETS - 1))]
    .toSorted(([a], [b]) => ascending(a, b))
    .map(([index, held]) => ({
      from: index * width,
      count: held.length,
      said: mean(held.map(({ said }) => said)),
      came: mean(held.map(({ came }) => came)),
    }));
}

const mean = (values: readonly number[]): number =>
  Math.floor(values.reduce((all, one) => all + one, 0) / values.length);

/** One point for each moment at which something ended. */
function profits(
  ends: readonly { at: number; staked: Amount; cameTo: Amount }[],
): { at: number; profit: bigint }[] {
  let profit = 0n;
  return [...Map.groupBy(ends, (end) => end.at)]
    .toSorted(([a], [b]) => ascending(a, b))
    .map(([time, ended]) => {
      for (const { staked, cameTo } of ended) profit += cameTo - staked;
      return { at: time, profit };
    });
}

/** Every n-th, counted from the last. */
function thinned<T>(points: readonly T[], most: number): T[] {
  const stride = Math.ceil(points.length / most) || 1;
  return points.filter((_, index) => (points.length - 1 - index) % stride === 0);
}
