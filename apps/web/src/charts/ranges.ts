/** A stretch of the time axis, in seconds of the chain's clock. */
export type Range = { name: string; from: number; to: number };

const LENGTHS = [
  { name: "Week", seconds: 7 * 86_400 },
  { name: "Day", seconds: 86_400 },
  { name: "Hour", seconds: 3_600 },
  { name: "10 min", seconds: 600 },
] as const;
/** More are no choice but a puzzle. */
const MOST_LENGTHS = 3;
/** An axis has some length even where all of it lies in one moment. */
const LEAST_SECONDS = 60;

/**
 * What of a market's life can be looked at by itself: all of it, the time in which it took stakes where more came after, and the
 * longest lengths that it has outlived, back from when its odds moved last. The first is all.
 */
export function rangesOf({
  from,
  staked,
  to,
}: {
  from: number;
  /** When stakes ended, or now. */
  staked: number;
  to: number;
}): [Range, ...Range[]] {
  const end = Math.max(to, staked, from + LEAST_SECONDS);
  const traded = Math.max(staked, from + LEAST_SECONDS);
  const lengths = LENGTHS.filter(({ seconds }) => seconds < traded - from).slice(0, MOST_LENGTHS);
  return [
    { name: "All", from, to: end },
    ...(end > traded ? [{ name: "Until stakes ended", from, to: traded }] : []),
    ...lengths.map(({ name, seconds }) => ({ name, from: traded - seconds, to: traded })),
  ];
}

/** The points that say what holds in a range: the one that held when it began, as of then, and all that came in it. */
export function pointsIn<T extends { at: number }>(points: readonly T[], { from, to }: Range): T[] {
  const before = points.findLast(({ at }) => at <= from);
  const during = points.filter(({ at }) => at > from && at <= to);
  return before === undefined ? during : [{ ...before, at: from }, ...during];
}
