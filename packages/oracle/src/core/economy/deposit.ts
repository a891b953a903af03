import type { Amount } from "@sooth/kernel";
import { clamp, divUp, lesser } from "./fixed-point.ts";

/**
 * What a dispute costs, how long it may be opened, and what may hang on an answer. "Units" are whole units of the
 * collateral: `unit` of its smallest ones, not 0. Mirror of DepositRule.sol; the cases that bind both:
 * vectors/economy/deposit.json.
 */

/** The most that the deposit's field holds, whole units. */
const MOST_UNITS = 65_535n;
const MINUTE = 60;
const HOUR = 3_600;
const LEAST_HALVED = 5 * MINUTE;

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

const WINDOWS: readonly { below: bigint; seconds: number }[] = [
  { below: 10_000n, seconds: 30 * MINUTE },
  { below: 100_000n, seconds: 2 * HOUR },
  { below: 1_000_000n, seconds: 6 * HOUR },
  { below: 10_000_000n, seconds: 24 * HOUR },
];

/** Seconds in which an answer may be objected to, by what hangs on it: 30 minutes below 10,000 units to 48 hours. */
export const baseWindow = (secured: Amount, unit: bigint): number =>
  WINDOWS.find(({ below }) => secured / unit < below)?.seconds ?? 48 * HOUR;

/** `deterministic`: every source gives the same number to whoever asks. `surge`: more disputes than usual. */
export type WindowFacts = {
  deterministic: boolean;
  aiDisagrees: boolean;
  surge: boolean;
  agreementBps: number;
  providers: number;
};

/**
 * `base` halved where there is little to object to, to no less than 5 minutes; doubled on any sign of trouble. Both may
 * hold, in a surge: halved first, then doubled. Halving rounds down and never lengthens.
 */
export function disputeWindow(base: number, facts: WindowFacts): number {
  const isClear = facts.deterministic && facts.agreementBps >= 9_500 && facts.providers >= 7;
  const isTroubled = facts.aiDisagrees || facts.surge || facts.agreementBps < 8_000;
  const seconds = isClear ? Math.min(base, Math.max(Math.floor(base / 2), LEAST_HALVED)) : base;
  return isTroubled ? 2 * seconds : seconds;
}

/** The most that may hang on an answer: a third of the stake that signed it. Rounds down. */
export const mostSecured = (signedStake: Amount): Amount => (signedStake / 3n) as Amount;
