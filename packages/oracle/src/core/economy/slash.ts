import type { Amount } from "@sooth/kernel";
import { clamp, greater, lesser } from "./fixed-point.ts";

/**
 * What a fault costs. Rates are parts per million of stake; rates and amounts round down, so whoever is slashed never
 * pays a unit too much. Mirror of SlashRule.sol; the cases that bind both: vectors/economy/slash.json.
 */

const PPM = 1_000_000n;

/** Rates that depend on nothing, parts per million. */
export const FAULT_PPM = {
  noReveal: 10_000,
  jurorMissing: 5_000,
  jurorIncoherent: 10_000,
  voteLeaked: 100_000,
  positionUndeclared: 500_000,
  equivocation: 1_000_000,
} as const;

const LEAST_COLLUSION = 200_000n;
const OVERTURNED = 20_000n;
const MOST_OVERTURNED = 200_000n;
const OUTSIDE = 1_000n;
const MOST_OUTSIDE = 10_000n;
const MOST_PER_EPOCH = 300_000n;
const TOO_EARLY = 100_000n;

const ESCALATION = 90 * 86_400;
const WARNING = 30 * 86_400;

/**
 * Rate for a value that the court overturned: 2 % * (1 + 9 * share of stake that was wrong too), doubled for each
 * `earlier` one of the series, at most all. `wrongStake` includes the slashed one's; a `stake` of 0 counts as all wrong.
 */
export function overturnedPpm(wrongStake: bigint, stake: bigint, earlier: number): number {
  const others = (MOST_OVERTURNED - OVERTURNED) * lesser(wrongStake, stake);
  const first = stake === 0n ? MOST_OVERTURNED : OVERTURNED + others / stake;
  // 2 % doubled six times is more than all.
  return Number(lesser(first << BigInt(Math.min(earlier, 6)), PPM));
}

/** How many came before a fault at `at` in its series: one 90 days or less after the last (0: none) adds to it. */
export const seriesOf = (earlier: number, lastAt: number, at: number): number =>
  lastAt !== 0 && at <= lastAt + ESCALATION ? earlier + 1 : 0;

/** Whether a number outside tolerance is the first in 30 days, which costs nothing. `lastAt` 0: none before. */
export const isWarning = (lastAt: number, at: number): boolean => lastAt === 0 || at > lastAt + WARNING;

/** Rate for a number outside tolerance of the final answer: 0.1 % * min(10, distance / tolerance). */
export function outsidePpm(distance: bigint, tolerance: bigint, lastAt: number, at: number): number {
  if (distance <= tolerance || isWarning(lastAt, at)) return 0;
  // Beyond ten tolerances, and with none at all, it is the most.
  if (distance >= 10n * tolerance) return Number(MOST_OUTSIDE);
  return Number((OUTSIDE * distance) / tolerance);
}

/** Rate for proven collusion, as grave as the verdict says: from 20 % on, at most all. */
export const collusionPpm = (verdictPpm: number): number =>
  Number(clamp(BigInt(verdictPpm), LEAST_COLLUSION, PPM));

/** What a rate takes of `stake`; rounds down. */
export const slashOf = (stake: Amount, ppm: number): Amount =>
  ((stake * lesser(BigInt(ppm), PPM)) / PPM) as Amount;

/**
 * What of `amount` may be taken now: without a court at most 30 % of what was held when the epoch began, less what was
 * `taken` in it without a court already; never more than `stake`, what is still there.
 */
export function allowedSlash(
  amount: Amount,
  held: { stake: Amount; atStart: Amount; taken: Amount },
  byCourt: boolean,
): Amount {
  const left = greater((held.atStart * MOST_PER_EPOCH) / PPM - held.taken, 0n);
  return lesser(amount, byCourt ? held.stake : lesser(held.stake, left)) as Amount;
}

/** Half to those who were harmed, 30 % to the challenger, both rounded down; the rest is burned. */
export function splitSlash(amount: Amount): { insurance: Amount; challenger: Amount; burned: Amount } {
  const insurance = (amount / 2n) as Amount;
  const challenger = ((amount * 3n) / 10n) as Amount;
  return { insurance, challenger, burned: (amount - insurance - challenger) as Amount };
}

/**
 * What one of those who reported too early pays: his share, by stake, of 10 % of the dispute's deposit. Rounds down;
 * never more than his stake. `stakes`: of all who did, his own included.
 */
export function tooEarlyOf(deposit: Amount, stake: Amount, stakes: Amount): Amount {
  if (stakes === 0n) return 0n as Amount;
  const together = (deposit * TOO_EARLY) / PPM;
  return lesser((together * lesser(stake, stakes)) / stakes, stake) as Amount;
}
