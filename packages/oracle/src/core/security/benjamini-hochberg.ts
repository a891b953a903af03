/**
 * The largest p-value that still counts, so that at most `level` of all that count are expected to be false; null when
 * nothing counts. `tests` may exceed the number of p-values: those left out had no chance to count.
 * Source: Benjamini and Hochberg 1995, step-up procedure.
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  level: number,
  tests: number = pValues.length,
): number | null {
  const sorted = pValues.toSorted((a, b) => a - b);
  for (let rank = sorted.length; rank >= 1; rank -= 1) {
    const p = sorted[rank - 1] ?? 1;
    if (p <= (level * rank) / tests) return p;
  }
  return null;
}
