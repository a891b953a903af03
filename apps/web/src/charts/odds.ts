import type { MarketPoint } from "../api.ts";

/** Shares of all stakes, basis points rounded down, one per outcome; all 0 while nothing is staked. */
export type OddsPoint = { at: number; shares: readonly number[]; total: bigint };

/** History as shares. The same moment twice (two stakes in a block) keeps the later. */
export function oddsOf(points: readonly MarketPoint[]): OddsPoint[] {
  const byTime = new Map<number, OddsPoint>();
  for (const { at, pools } of points) {
    const amounts = pools.map(BigInt);
    const total = amounts.reduce((sum, pool) => sum + pool, 0n);
    if (total === 0n) continue;
    byTime.set(at, { at, total, shares: amounts.map((pool) => Number((pool * 10_000n) / total)) });
  }
  return [...byTime.values()].toSorted((a, b) => a.at - b.at);
}

/**
 * Without the points before a second outcome was staked on: whoever stakes first takes a pool of his own to 100 %, which
 * says nothing of anybody's odds. Later points stay, also those of a pool that nobody touched again.
 */
export function contested(points: readonly OddsPoint[]): OddsPoint[] {
  const first = points.findIndex(({ shares }) => shares.filter((share) => share > 0).length > 1);
  return first === -1 ? [] : points.slice(first);
}

/** Labels at the lines' ends, pushed apart so that none covers another; `top` and `bottom` bound them. */
export function spread(heights: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = heights.map((_, index) => index).toSorted((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const placed = heights.map(() => 0);
  let floor = top;
  for (const index of order) {
    const y = Math.max(heights[index] ?? 0, floor);
    placed[index] = y;
    floor = y + gap;
  }
  let ceiling = bottom;
  for (const index of order.toReversed()) {
    const y = Math.min(placed[index] ?? 0, ceiling);
    placed[index] = y;
    ceiling = y - gap;
  }
  return placed;
}

/** The index of the last point at or before `at`; the first when all are later. */
export function pointAt(points: readonly OddsPoint[], at: number): number {
  const next = points.findIndex((point) => point.at > at);
  return next === -1 ? points.length - 1 : Math.max(0, next - 1);
}
