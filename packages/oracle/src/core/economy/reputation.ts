import { clamp, divUp, expWad, lesser, lnWad, sqrtUp, WAD } from "./fixed-point.ts";

/**
 * How far a provider is believed, from the questions that became final. Mirror of ReputationRule.sol, bit for bit; the
 * cases that bind both: vectors/economy/reputation.json. Fixed point of 18 decimals ("wad").
 */

const HALF_LIFE = 90n * 86_400n;
const LEAST_INFORMATION = WAD / 50n;
const WRONG_FACTOR = 3n;
const PRIOR_RIGHT = 2n * WAD;
const PRIOR_WRONG = WAD;
/** One-sided confidence of 95 %. */
const Z = (164n * WAD) / 100n;
const Z_SQUARED = (26_896n * WAD) / 10_000n;
const LN_2 = 693_147_180_559_945_309n;
const LN_19 = 2_944_438_979_166_440_460n;
const MOST_COUNT = (1n << 96n) - 1n;
/** exp(-7^2) is below 1e-18. */
const FAR = 7n * WAD;

export const MOST_FACTOR_BPS = 10_000;
export const LEAST_FACTOR_BPS = 1_000;

/** Sums of information, wad: 1e18 is one whole bit. `at`: unix seconds of the last question that counted. */
export type Counts = { right: bigint; wrong: bigint; at: number };
export const NO_COUNTS: Counts = { right: 0n, wrong: 0n, at: 0 };

/**
 * Entropy of `masses` in bits, wad: 0 when all agree, 1 for two equal camps. Divisions round down, logarithms up: within
 * 2e-15 of the true value for 32 masses.
 */
export function entropy(masses: readonly bigint[]): bigint {
  const total = masses.reduce((sum, mass) => sum + mass, 0n);
  if (total === 0n) return 0n;
  const nats = masses
    .map((mass) => (mass * WAD) / total)
    .filter((share) => share !== 0n)
    .reduce((sum, share) => sum + (share * -lnWad(share)) / WAD, 0n);
  return (nats * WAD) / LN_2;
}

/** How much a question counts, wad: what divided the providers and what the market did not know when it opened. */
export const information = (answers: bigint, market: bigint): bigint =>
  clamp(answers + market, LEAST_INFORMATION, WAD);

/** How right a report is, wad: exp(-(distance / tolerance)^2), rounded down. Without tolerance, all or nothing. */
export function credit(value: bigint, answer: bigint, tolerance: bigint): bigint {
  const distance = value < answer ? answer - value : value - answer;
  if (distance === 0n) return WAD;
  if (tolerance === 0n) return 0n;
  const ratio = (distance * WAD) / tolerance;
  return ratio >= FAR ? 0n : expWad(-((ratio * ratio) / WAD));
}

/**
 * `counts` after a question of `information` became final at `at` with `credit` for the provider: right gains
 * u * credit, wrong 3u * (1 - credit), each rounded down. Give them in the order in which they became final.
 */
export function record(counts: Counts, information: bigint, credit: bigint, at: number): Counts {
  const { right, wrong } = decayed(counts, at);
  return {
    right: lesser(right + (information * credit) / WAD, MOST_COUNT),
    wrong: lesser(wrong + (WRONG_FACTOR * information * (WAD - credit)) / WAD, MOST_COUNT),
    at: Math.max(at, counts.at),
  };
}

/** The counts as they weigh at `at`: half of them is gone after 90 days. Rounds down. */
export function decayed(counts: Counts, at: number): { right: bigint; wrong: bigint } {
  if (at <= counts.at) return { right: counts.right, wrong: counts.wrong };
  const left = expWad(-((LN_2 * BigInt(at - counts.at)) / HALF_LIFE));
  return { right: (counts.right * left) / WAD, wrong: (counts.wrong * left) / WAD };
}

/**
 * Lower bound of Wilson's interval of being right, wad, at `at`; the prior of 2 right and 1 wrong never decays, so
 * whoever is idle returns to where everybody starts: 0.254. Rounds down; below 1 in any case.
 */
export function lowerBound(counts: Counts, at: number): bigint {
  const now = decayed(counts, at);
  const right = now.right + PRIOR_RIGHT;
  const wrong = now.wrong + PRIOR_WRONG;
  const n = right + wrong;
  const square = divUp(right * wrong, n) + Z_SQUARED / 4n;
  const spread = divUp(Z * sqrtUp(square * WAD), WAD);
  return ((right + Z_SQUARED / 2n - spread) * WAD) / (n + Z_SQUARED);
}

/** `bound` on the scale that people see, 0..1000. Rounds down. */
export const scoreOf = (bound: bigint): number => Number((lesser(bound, WAD) * 1_000n) / WAD);

/**
 * What of a stake counts, basis points: clamp(ln(r / (1 - r)) / ln 19, 0.1, 1). Rounds down. Log-odds are the best
 * weights of independent voters; ln 19 belongs to 0.95.
 */
export function factorBps(bound: bigint): number {
  if (2n * bound <= WAD) return LEAST_FACTOR_BPS;
  if (100n * bound >= 95n * WAD) return MOST_FACTOR_BPS;
  const logOdds = lnWad((bound * WAD) / (WAD - bound));
  return Number(clamp((logOdds * 10_000n) / LN_19, BigInt(LEAST_FACTOR_BPS), BigInt(MOST_FACTOR_BPS)));
}

/**
 * What of a stake without a record counts, basis points, once records count in its domain: no more than the formula gives
 * to the one of whom it knows least. Mirror of `Seats._newcomerBps`.
 */
export const newcomerFactorBps = (startFactorBps: number): number =>
  Math.min(startFactorBps, LEAST_FACTOR_BPS);
