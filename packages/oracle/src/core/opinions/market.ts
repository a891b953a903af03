import type { Address, Hex } from "@sooth/kernel";

/** Bands of stances: 0, 5 to 100. */
export const BANDS = 21;
/** In place of a band: the stance is hidden. Source: IOpinions.sol. */
export const HIDDEN = 31;

/** A position with a stance that counts: open from the start, or told in time. */
export type Position = { owner: Address; band: number; staked: bigint; opinion: Hex };
export type StakedLog = { owner: Address; band: number; amount: bigint; opinion: Hex };
export type RevealedLog = { owner: Address; band: number };
/** What the contract holds of each band: smallest units of collateral, and how many positions. */
export type BandTotals = readonly { staked: bigint; count: bigint }[];

/**
 * The positions that logs tell of, by owner, or null while they do not add up to what the contract holds: a node left some out,
 * or they begin further back. A stance that nobody told does not count, and its opinion neither: whoever hides it loses
 * his stake, and could else move the score all the same.
 */
export function positionsOf(
  staked: readonly StakedLog[],
  revealed: readonly RevealedLog[],
  totals: BandTotals,
): Position[] | null {
  const told = new Map(revealed.map(({ owner, band }) => [owner.toLowerCase(), band]));
  const positions = staked
    .map(({ owner, band, amount, opinion }) => ({
      owner: owner.toLowerCase() as Address,
      band: band === HIDDEN ? (told.get(owner.toLowerCase()) ?? HIDDEN) : band,
      staked: amount,
      opinion: opinion.toLowerCase() as Hex,
    }))
    .filter(({ band }) => band !== HIDDEN)
    .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));
  // One opinion an address: the same log twice is a node's doing.
  if (new Set(positions.map(({ owner }) => owner)).size !== positions.length) return null;
  const sums = Array.from({ length: BANDS }, () => ({ staked: 0n, count: 0n }));
  for (const { band, staked: amount } of positions) {
    const sum = sums[band];
    if (!sum) return null;
    sum.staked += amount;
    sum.count += 1n;
  }
  const same = sums.every(
    ({ staked: amount, count }, band) => totals[band]?.staked === amount && totals[band].count === count,
  );
  return same ? positions : null;
}
