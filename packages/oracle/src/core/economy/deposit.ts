import type { Amount } from "@sooth/kernel";
import { clamp, divUp, lesser } from "./fixed-point.ts";

/**
 * What a dispute costs, how long it may be opened, and what may hang on an answer. "Units" are whole units of the
 * collateral: `unit` of its smallest ones, not 0. Mirror of DepositRule.sol; the cases that bind both:
 * vectors/economy/deposit.json.
 */

/** The most that the deposit's field holds, whole units. */
const MOST_UNITS = 65_535n;

/**
 * Deposit of each side in whole units: clamp(0.5 % of the secured value, least, most), rounded up, doubled each round
 * (0 is the first). Stops at 65,535, so the doubling ends there.
 */
export function depositUnits(
  secured: Amount,
  unit: bigint,
  round: number,
  { least, most }: { least: number; most: number },
): number {
  const first = lesser(clamp(divUp(secured, 200n * unit), BigInt(least), BigInt(most)), MOST_UNITS);
  return Number(lesser(first << BigInt(Math.min(round, 16)), MOST_UNITS));
}

/** Half of a loser's deposit to the winner, a quarter to the jurors, both rounded down; the rest to insurance. */
export function splitLost(deposit: Amount): { winner: Amount; jurors: Amount; insurance: Amount } {
  const winner = (deposit / 2n) as Amount;
  const jurors = (deposit / 4n) as Amount;
  return { winner, jurors, insurance: (deposit - winner - jurors) as Amount };
}

/** How often the lowest window there is to object, by what hangs on the answer. */
const WINDOWS: readonly { below: bigint; times: number }[] = [
  { below: 10_000n, times: 1 },
  { below: 100_000n, times: 4 },
  { below: 1_000_000n, times: 12 },
  { below: 10_000_000n, times: 48 },
];
/** Of the lowest window. */
export const HIGHEST_WINDOW = 96;
const CLEAR = { bps: 9_500, signers: 7 };
/** Less agreement than this doubles the time to object. */
export const TROUBLED_BPS = 8_000;

/**
 * Seconds in which an answer may be objected to, by what hangs on it: `lowest` below 10,000 units, 96 times that from ten
 * million on. Where `lowest` is half an hour these are 30 minutes, 2, 6, 24 and 48 hours.
 */
export const baseWindow = (secured: Amount, unit: bigint, lowest: number): number =>
  (WINDOWS.find(({ below }) => secured / unit < below)?.times ?? HIGHEST_WINDOW) * lowest;

/** The shortest that an asker may say, seconds: half of the base, rounded up. */
export const leastLiveness = (base: number): number => base - Math.floor(base / 2);

/**
 * `agreementBps`: weight within tolerance of the answer, of all weight; where it was co-signed, the weight that did.
 * `surge`: a breaker is tripped.
 */
export type WindowFacts = { base: number; agreementBps: number; signers: number; surge: boolean };

/**
 * Seconds from an answer to its finality. What the asker said where that is the base or longer; shorter holds only for
 * an answer that at least seven signed with 95 % in agreement, and is the base otherwise. Doubled once on a sign of
 * trouble: less than 80 % in agreement, or a breaker.
 */
export function disputeWindow(liveness: number, facts: WindowFacts): number {
  const { base, agreementBps, signers, surge } = facts;
  const isClear = agreementBps >= CLEAR.bps && signers >= CLEAR.signers;
  const seconds = isClear ? liveness : Math.max(liveness, base);
  return surge || agreementBps < TROUBLED_BPS ? 2 * seconds : seconds;
}

/** The longest that an answer can be open to objection: half of its base was said, and that is doubled. Seconds. */
export const longestWindow = (liveness: number): number => 4 * liveness;

/** The most that may hang on an answer: a third of the stake that signed it. Rounds down. */
export const mostSecured = (signedStake: Amount): Amount => (signedStake / 3n) as Amount;
