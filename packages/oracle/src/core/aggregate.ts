import { BPS, ascending, at } from "@sooth/kernel";

/** A value and what stands behind it. */
export type Weighted = { value: bigint; weight: bigint };

export const sumOfWeights = (entries: readonly Weighted[]): bigint =>
  entries.reduce((sum, entry) => sum + entry.weight, 0n);

const byValue = (a: Weighted, b: Weighted): number => ascending(a.value, b.value);

/**
 * The first value at which half of the entries' weight is reached. Lower, not the mean of two: the answer is always a
 * value that somebody signed. Mirror of Aggregator.sol. @throws kernel.missing when there is no entry
 */
export function weightedLowerMedian(entries: readonly Weighted[]): bigint {
  const sorted = entries.toSorted(byValue);
  const total = sumOfWeights(entries);
  let reached = 0n;
  for (const entry of sorted) {
    reached += entry.weight;
    if (2n * reached >= total) return entry.value;
  }
  return at(sorted, 0).value;
}

/** The value with the most weight, the lowest of equals, and that weight. @throws kernel.missing when there is no entry */
export function plurality(entries: readonly Weighted[]): Weighted {
  const sums = new Map<bigint, bigint>();
  for (const { value, weight } of entries) sums.set(value, (sums.get(value) ?? 0n) + weight);
  const ranked = [...sums]
    .map(([value, weight]) => ({ value, weight }))
    .toSorted((a, b) => ascending(b.weight, a.weight) || ascending(a.value, b.value));
  return at(ranked, 0);
}

/** More than two thirds of ALL weight: two such quorums share more than a third. */
export const hasQuorum = (weight: bigint, totalWeight: bigint): boolean => 3n * weight > 2n * totalWeight;

/** Nine tenths of ALL weight, which an answer must have that comes before its question's time. Mirror of Reporting.sol. */
export const hasEarlyQuorum = (weight: bigint, totalWeight: bigint): boolean =>
  hasQuorum(weight, totalWeight) && 10n * weight >= 9n * totalWeight;

/** More than half of ALL weight, which a plurality must hold. */
export const hasMajority = (weight: bigint, totalWeight: bigint): boolean => 2n * weight > totalWeight;

/** Weight within `tolerance` of the answer, bounds included. */
export const agreeingWeight = (entries: readonly Weighted[], answer: bigint, tolerance: bigint): bigint =>
  sumOfWeights(
    entries.filter(({ value }) => (value < answer ? answer - value : value - answer) <= tolerance),
  );

/** Basis points of ALL weight, rounded down. */
export const confidenceOf = (agreeing: bigint, totalWeight: bigint): number =>
  totalWeight === 0n ? 0 : Number((agreeing * BPS) / totalWeight);
