import type { Amount } from "@sooth/kernel";

/**
 * How far what somebody staked on was from what came, in millionths: 0 is all right, 1,000,000 all wrong. After G. W. Brier,
 * "Verification of Forecasts Expressed in Terms of Probability", 1950, halved so that it ends at one. All whole numbers, so
 * that anybody comes to the same.
 */
export const ALL_WRONG = 1_000_000;

/**
 * Of stakes in one pool. A wallet's forecast is how it spread its own stakes over the outcomes, p, and o is 1 for the one that
 * won: half the sum of (p - o)^2, rounded down. Outcomes that nobody of this wallet backed may be left out. Null without a stake.
 */
export function poolBrier(
  stakes: readonly { outcome: number; staked: Amount }[],
  winner: number,
): number | null {
  const total = stakes.reduce((all, { staked }) => all + staked, 0n);
  if (total === 0n) return null;
  const squares = stakes.reduce((all, { staked }) => all + staked * staked, 0n);
  const right = stakes.reduce((all, { outcome, staked }) => all + (outcome === winner ? staked : 0n), 0n);
  // The sum over all outcomes of (p - o)^2 is that of p^2, less twice what lay on the winner, and one.
  const distance = squares - 2n * right * total + total * total;
  return Number((BigInt(ALL_WRONG) * distance) / (2n * total * total));
}

/** Of an opinion: the square of how far its stance, 0 to 100, lay from the score. */
export const opinionBrier = (stance: number, score: number): number =>
  (stance - score) ** 2 * (ALL_WRONG / 100 ** 2);
