import { compensates, type Leg, type Place } from "./types.ts";

/** What must have run well for `place` to have run well: what it needs, and what that needs, and so on; ascending. */
export function groundsOf(legs: readonly Leg[], place: Place): Place[] {
  const found = new Set<Place>();
  const open = [...(legs[place]?.needsOk ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(legs[next]?.needsOk ?? []));
  }
  return [...found].toSorted((a, b) => a - b);
}

/** The legs that compensate nothing and stand, over any number of others, on `place`; ascending. */
export const standingOn = (legs: readonly Leg[], place: Place): Place[] =>
  [...legs.keys()].filter((one) => {
    const leg = legs[one];
    return leg !== undefined && !compensates(leg) && groundsOf(legs, one).includes(place);
  });

/** Places of the legs that compensate nothing: what the owner wants done. */
export const wantedLegs = (legs: readonly Leg[]): Place[] =>
  [...legs.keys()].filter((place) => legs[place]?.undoes === null);

export const compensations = (legs: readonly Leg[]): Place[] =>
  [...legs.keys()].filter((place) => legs[place]?.undoes !== null);

/** Legs in waves: each wave needs only what stands in those before it. For pictures, and for what may run at once. */
export function wavesOf(legs: readonly Leg[]): Place[][] {
  const wave: number[] = [];
  for (const leg of legs) {
    const before = [
      ...leg.needsOk,
      ...leg.needsFailed,
      ...leg.needsSettled,
      ...(leg.undoes === null ? [] : [leg.undoes]),
    ];
    wave.push(1 + Math.max(-1, ...before.map((place) => wave[place] ?? 0)));
  }
  const count = Math.max(-1, ...wave) + 1;
  return Array.from({ length: count }, (_, number) =>
    [...wave.keys()].filter((place) => wave[place] === number),
  );
}
