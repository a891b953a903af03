import { BPS, type Amount } from "@sooth/kernel";
import { lesser } from "./fixed-point.ts";

/**
 * How a reward is divided among those whose work was accepted. Mirror of RewardRule.sol; the cases that bind both:
 * vectors/economy/reward.json.
 */

/** The providers' usual share of a reward, basis points; the rest is the treasury's. */
export const PROVIDERS_BPS = 8_000;
const PREMIUM_SCORE = 950;
const PREMIUM_FACTOR = 2n;

/** Accepted reports of one provider. */
export type Work = { reports: number; premium: boolean };

/** Whether a provider's work counts twice: a reputation of 950 or more, earned over `least` final rounds. */
export const isPremium = (score: number, rounds: number, least: number): boolean =>
  score >= PREMIUM_SCORE && rounds >= least;

/**
 * Shares by accepted work, a premium provider's counted twice, and what is left for the treasury. Shares round down;
 * all of it adds up to `reward`. Without work all of it is the treasury's.
 */
export function splitReward(
  reward: Amount,
  providersBps: number,
  work: readonly Work[],
): { shares: Amount[]; toTreasury: Amount } {
  const points = work.map(({ reports, premium }) => BigInt(reports) * (premium ? PREMIUM_FACTOR : 1n));
  const all = points.reduce((sum, one) => sum + one, 0n);
  const forProviders = (reward * lesser(BigInt(providersBps), BPS)) / BPS;
  const shares = points.map((one) => (all === 0n ? 0n : (forProviders * one) / all) as Amount);
  const toTreasury = shares.reduce<bigint>((left, share) => left - share, reward) as Amount;
  return { shares, toTreasury };
}
