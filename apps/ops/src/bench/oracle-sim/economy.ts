import { factorBps, lowerBound, overturnedPpm, seatWeights as exactWeights } from "@sooth/oracle/core";

/**
 * The protocol's money rules for a simulation that counts in doubles: weights, reputation and slashing by the exact
 * formulas of the oracle's core, rounded to cents on the way in; the rest, which a sweep bends, here.
 */

const WAD = 1e18;
const BPS = 10_000;
const MILLION = 1_000_000;
const CENTS = 100;

/** What of a stake counts, 0.1 to 1 (6.6). `right` and `wrong` are decayed sums of information. */
export function reputationFactor(right: number, wrong: number): number {
  const counts = { right: wad(right), wrong: wad(wrong), at: 0 };
  return factorBps(lowerBound(counts, 0)) / BPS;
}

const wad = (value: number): bigint => BigInt(Math.round(value * WAD));

/** Information of a question: entropy of the answers, plus that of the market at opening; trivial ones barely count (6.6). */
export const information = (answers: number, market: number): number =>
  Math.max(0.02, Math.min(1, answers + market));

export type Staked = { stake: number; factor: number; cluster: number | null };

/** Weight of each seat, dollars: no provider above a quarter of all, no cluster above a seventh (6.6, 6.8). */
export function seatWeights(seats: readonly Staked[]): number[] {
  const exact = exactWeights(
    seats.map(({ stake, factor, cluster }) => ({
      stake: BigInt(Math.round(stake * CENTS)),
      factorBps: Math.round(factor * BPS),
      // Zero is whoever stands alone.
      cluster: cluster === null ? 0 : cluster + 1,
      family: 0,
    })),
  );
  return exact.weights.map((weight) => Number(weight) / CENTS);
}

/** Share of the stake lost for a signed value that a court overturned; `wrongShare` of the weight was wrong too (6.7). */
export const overturnedSlash = (wrongShare: number, before: number): number =>
  overturnedPpm(BigInt(Math.round(wrongShare * MILLION)), BigInt(MILLION), before) / MILLION;

/** Days after an overturned answer in which the next one costs double (6.7). */
export const SERIES_DAYS = 90;
/** Part of the deposit that those who answered too early lose together (6.4). */
export const TOO_EARLY_PART = 0.1;

export const JUROR_MISSING = 0.005;
export const JUROR_INCOHERENT = 0.01;

/** Deposit of round `round` (from 0) of a dispute over `value` (6.4); the word on chain holds no more than the last figure. */
export const depositOf = (value: number, share: number, round: number): number =>
  Math.min(65_535, Math.min(50_000, Math.max(250, share * value)) * 2 ** round);

/** Fee of a question, and the part of it that goes to those who answered right. */
export const feeOf = (value: number): number => Math.max(1, 0.001 * value);
export const PROVIDERS_PART = 0.8;

/** Value that a question may secure: a third of the slashable stake that signs it (6.3). */
export const secured = (signingStake: number): number => signingStake / 3;
