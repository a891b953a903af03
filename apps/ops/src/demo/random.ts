/** Numbers that look random and are the same for the same seed: a demo has to be repeatable. */
export type Random = {
  /** A whole number in `from..to`, both included. */
  between(from: number, to: number): number;
  /** `count` different members, in an order of their own. */
  pick<T>(list: readonly T[], count: number): T[];
};

/** mulberry32: 32 bits of state, good enough for choosing who stakes what, and nothing else. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    between,
    pick: (list, count) => {
      const rest = [...list];
      return Array.from({ length: Math.min(count, list.length) }, () =>
        rest.splice(between(0, rest.length - 1), 1),
      ).flat();
    },
  };
}
