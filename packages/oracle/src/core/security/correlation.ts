import { normalTail } from "./tails.ts";
import { pairIndex } from "./sharing.ts";

/**
 * Pairwise partial correlation in one pass: how alike two series move once what a common cause explains is taken out.
 * Ten sums a pair, whatever the number of questions.
 */
export type Correlation = { readonly capacity: number; readonly sums: Float64Array };

/** `cause`: the provider's declared source, and its own residual; two with the same source have it taken out. */
export type Deviation = { provider: number; value: number; cause: { source: number; value: number } | null };

export type CorrelatedPair = { a: number; b: number; common: number; r: number; z: number; p: number };

const SUMS = 10;

export const createCorrelation = (capacity: number): Correlation => ({
  capacity,
  sums: new Float64Array(((capacity * (capacity - 1)) / 2) * SUMS),
});

/** Adds one question; `values` beyond `bound` count as `bound`, so that one wild figure cannot make a correlation. */
export function addDeviations(into: Correlation, deviations: readonly Deviation[], bound: number): void {
  const held = (value: number): number => Math.max(-bound, Math.min(bound, value));
  const { sums } = into;
  for (let i = 1; i < deviations.length; i += 1) {
    const one = deviations[i] as Deviation;
    for (let j = 0; j < i; j += 1) {
      const other = deviations[j] as Deviation;
      const [low, high] = one.provider < other.provider ? [one, other] : [other, one];
      const at = pairIndex(low.provider, high.provider) * SUMS;
      const x = held(low.value);
      const y = held(high.value);
      sums[at] = (sums[at] ?? 0) + 1;
      sums[at + 1] = (sums[at + 1] ?? 0) + x;
      sums[at + 2] = (sums[at + 2] ?? 0) + y;
      sums[at + 3] = (sums[at + 3] ?? 0) + x * x;
      sums[at + 4] = (sums[at + 4] ?? 0) + y * y;
      sums[at + 5] = (sums[at + 5] ?? 0) + x * y;
      if (low.cause === null || high.cause === null || low.cause.source !== high.cause.source) continue;
      const s = held(low.cause.value);
      sums[at + 6] = (sums[at + 6] ?? 0) + s;
      sums[at + 7] = (sums[at + 7] ?? 0) + s * s;
      sums[at + 8] = (sums[at + 8] ?? 0) + x * s;
      sums[at + 9] = (sums[at + 9] ?? 0) + y * s;
    }
  }
}

/** All pairs with `minCommon` questions; p by Fisher's z against a correlation of `slack`, which honest pairs may have. */
export function correlatedPairs(
  from: Correlation,
  limits: { minCommon: number; slack: number },
): CorrelatedPair[] {
  const found: CorrelatedPair[] = [];
  for (let b = 1; b < from.capacity; b += 1)
    for (let a = 0; a < b; a += 1) {
      const at = pairIndex(a, b) * SUMS;
      const common = from.sums[at] ?? 0;
      if (common < limits.minCommon) continue;
      const r = partial(from.sums.subarray(at, at + SUMS));
      // Three degrees of freedom for the mean and the slope, one for the common cause.
      const z = (Math.atanh(r) - Math.atanh(limits.slack)) * Math.sqrt(common - 4);
      found.push({ a, b, common, r, z, p: normalTail(z) });
    }
  return found;
}

function partial(sums: Float64Array): number {
  const [n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0, s = 0, ss = 0, xs = 0, ys = 0] = sums;
  const plain = ratio(n * xy - x * y, n * xx - x * x, n * yy - y * y);
  const withX = ratio(n * xs - x * s, n * xx - x * x, n * ss - s * s);
  const withY = ratio(n * ys - y * s, n * yy - y * y, n * ss - s * s);
  const rest = (1 - withX * withX) * (1 - withY * withY);
  // Who says nothing but what the source says has nothing of his own to compare.
  if (rest < 1e-9) return 0;
  return Math.max(-0.999999, Math.min(0.999999, (plain - withX * withY) / Math.sqrt(rest)));
}

const ratio = (covariance: number, one: number, other: number): number =>
  one <= 1e-12 || other <= 1e-12 ? 0 : covariance / Math.sqrt(one * other);
