/** Scores from one to another, both among them. */
export type Stretch = { from: number; to: number };
export type Returns = {
  best: { paid: bigint; at: Stretch[] };
  worst: { paid: bigint; at: Stretch[] };
  /** Where one gets back what was staked, or more. */
  even: Stretch[];
};

/** What a stake can come to, of what it is paid at each score. */
export function returnsOf(curve: readonly bigint[], staked: bigint): Returns {
  const [best, worst] = [extreme(curve, (a, b) => a > b), extreme(curve, (a, b) => a < b)];
  return {
    best: { paid: best, at: stretches(curve, (paid) => paid === best) },
    worst: { paid: worst, at: stretches(curve, (paid) => paid === worst) },
    even: stretches(curve, (paid) => paid >= staked),
  };
}

const extreme = (curve: readonly bigint[], beats: (one: bigint, other: bigint) => boolean): bigint =>
  curve.reduce((held, paid) => (beats(paid, held) ? paid : held));

function stretches(curve: readonly bigint[], holds: (paid: bigint) => boolean): Stretch[] {
  const found: Stretch[] = [];
  for (const [score, paid] of curve.entries()) {
    if (!holds(paid)) continue;
    const last = found.at(-1);
    if (last?.to === score - 1) last.to = score;
    else found.push({ from: score, to: score });
  }
  return found;
}
