/**
 * How far off a figure is, as something that two can have in common: null within tolerance; else the number of the bucket that
 * it falls into, each as wide as what counts as right. `tolerance` above zero.
 */
export function figureError(value: bigint, answer: bigint, tolerance: bigint): bigint | null {
  const width = 2n * tolerance + 1n;
  const from = value - answer + tolerance;
  // Rounds towards minus infinity, so that all buckets are of one width. The first is the right one.
  const bucket = (from - (((from % width) + width) % width)) / width;
  return bucket === 0n ? null : bucket;
}
