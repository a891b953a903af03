import { expect, test } from "vitest";
import { denseGroups } from "./dense-groups.ts";

const LIMITS = { level: 0.01, budget: 0.05 };
const PROVIDERS = 150;

/** Small generator of the same numbers everywhere. Source: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Links as chance gives them at `level`, and within `group` three in ten. */
function linksOf(seed: number, groups: readonly (readonly number[])[]): [number, number][] {
  const random = numbers(seed);
  const links: [number, number][] = [];
  for (let b = 1; b < PROVIDERS; b += 1)
    for (let a = 0; a < b; a += 1) {
      const inside = groups.some((group) => group.includes(a) && group.includes(b));
      if (random() < (inside ? 0.3 : LIMITS.level)) links.push([a, b]);
    }
  return links;
}
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

test("chance makes no group, in a hundred worlds as many as the budget allows", () => {
  const found = range(1, 100).filter((seed) => denseGroups(linksOf(seed, []), PROVIDERS, LIMITS).length > 0);
  expect(found.length).toBeLessThanOrEqual(5);
});

test.each(range(1, 5))(
  "a clique whose pairs are linked now and then is found, with few others (seed %i)",
  (seed) => {
    const clique = range(20, 25);
    const [found = [], ...others] = denseGroups(linksOf(seed, [clique]), PROVIDERS, LIMITS);
    expect(others).toEqual([]);
    expect(found.filter((member) => clique.includes(member)).length).toBeGreaterThanOrEqual(23);
    expect(found.filter((member) => !clique.includes(member)).length).toBeLessThanOrEqual(1);
  },
);

test("two cliques are two groups, and no links are none", () => {
  const cliques = [range(0, 20), range(100, 20)];
  const links = linksOf(3, cliques).filter(([a, b]) =>
    cliques.some((one) => one.includes(a) && one.includes(b)),
  );
  const found = denseGroups(links, PROVIDERS, LIMITS).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  expect(found.map((group) => group.every((member) => member < 100))).toEqual([true, false]);
  expect(denseGroups([], PROVIDERS, LIMITS)).toEqual([]);
});

test.each(range(1, 20))("whoever links himself to many makes no group of them (seed %i)", (seed) => {
  const random = numbers(seed);
  const seats = range(140, 1 + (seed % 6));
  const stars = seats.flatMap((seat) =>
    range(0, 60)
      .filter(() => random() < 0.6)
      .map((honest): [number, number] => [honest, seat]),
  );
  const own = seats.flatMap((a) => seats.filter((b) => b > a).map((b): [number, number] => [a, b]));
  const chance = linksOf(seed, []).filter(([, b]) => b < 140);
  const groups = denseGroups([...chance, ...stars, ...own], PROVIDERS, LIMITS);
  const honest = groups.flat().filter((member) => member < 140);
  // One more now and then, whom chance has linked with another.
  expect(honest.length).toBeLessThanOrEqual(seats.length + 1);
});
