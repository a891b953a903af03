/** Chance from a seed and a name: the same on every machine, and no one's draws move another's. Source: mulberry32. */
export type Chance = {
  /** Uniform in [0, 1). */
  draw(): number;
  below(limit: number): number;
  is(share: number): boolean;
  pick<T>(list: readonly T[]): T;
};

export function chance(seed: number, name: string): Chance {
  // FNV-1a over the name, so that streams of one seed differ.
  let state = seed ^ 0x811c9dc5;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  const draw = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 4; round++) draw();
  const below = (limit: number): number => Math.floor(draw() * limit);
  return { draw, below, is: (share) => draw() < share, pick: (list) => list[below(list.length)] as never };
}
