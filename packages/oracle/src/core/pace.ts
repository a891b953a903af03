/** How often something may be done: `perSecond` in the long run, `burst` at once after a pause. */
export type Pace = { perSecond: number; burst: number };

/**
 * Takes a place in the line: how long to wait for it, and what to remember for the next call. `before` is what the last
 * call gave, 0 at first. All times in milliseconds of one clock. Source: generic cell rate algorithm, ITU-T I.371.
 */
export function takeTurn(
  before: number,
  now: number,
  { perSecond, burst }: Pace,
): { wait: number; after: number } {
  const step = 1_000 / perSecond;
  const after = Math.max(before, now) + step;
  return { wait: Math.max(0, after - burst * step - now), after };
}
