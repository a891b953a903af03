import { expect, test } from "vitest";
import { linkedGroups } from "./linked-groups.ts";

type Link = [number, number];
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
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const allPairs = (members: readonly number[]): Link[] =>
  members.flatMap((a, place) => members.slice(place + 1).map((b): Link => [a, b]));
/** In an order that somebody else chose. */
function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

const HONEST = 30;
/** Honest ones from 0, who share nothing; after them seats of one hand, which tie themselves to whom they like. */
function poisoned(seed: number): { links: Link[]; seats: number } {
  const random = numbers(seed);
  const seats = 1 + Math.floor(random() * 8);
  const eagerness = random();
  const links = range(HONEST, seats).flatMap((seat) =>
    range(0, HONEST)
      .filter(() => random() < eagerness)
      .map((honest): Link => [honest, seat]),
  );
  const own = allPairs(range(HONEST, seats)).filter(() => random() < 0.7);
  return { links: shuffled([...links, ...own], random), seats };
}
const honestIn = (group: readonly number[]) => group.filter((member) => member < HONEST).length;

test.each(range(1, 300))("so many seats tie themselves to so many honest ones at most (seed %i)", (seed) => {
  const { links, seats } = poisoned(seed);
  const groups = linkedGroups(links);
  for (const group of groups) expect(honestIn(group)).toBeLessThanOrEqual(1);
  expect(groups.reduce((all, group) => all + honestIn(group), 0)).toBeLessThanOrEqual(seats);
});

test.each(range(1, 100))(
  "every group is one, no member is in two, and nobody is left who could make one (seed %i)",
  (seed) => {
    const random = numbers(seed);
    const links = shuffled(
      allPairs(range(0, 20)).filter(() => random() < 0.4),
      random,
    );
    const groups = linkedGroups(links);
    const isLinked = new Set(links.flatMap(([a, b]) => [`${a}-${b}`, `${b}-${a}`]));
    for (const [a, b] of groups.flatMap(allPairs)) expect(isLinked.has(`${a}-${b}`)).toBe(true);
    const members = groups.flat();
    expect(new Set(members).size).toBe(members.length);
    const alone = range(0, 20).filter((one) => !members.includes(one));
    for (const [a, b] of allPairs(alone)) expect(isLinked.has(`${a}-${b}`)).toBe(false);
  },
);

test.each(range(1, 20))("a clique is found whole, whatever hangs on it (seed %i)", (seed) => {
  const random = numbers(seed);
  const clique = range(40, 9);
  const strays = clique.flatMap((member): Link[] => [
    [member, Math.floor(random() * 40)],
    [member, 60 + Math.floor(random() * 20)],
  ]);
  const once = [...new Map([...allPairs(clique), ...strays].map((link) => [link.join("-"), link])).values()];
  expect(linkedGroups(shuffled(once, random))).toContainEqual(clique);
});

test("who ties himself closest to an honest one does not leave his clique by that", () => {
  const clique = range(10, 6);
  const ties = clique.map((member, honest): Link => [honest, member]);
  expect(linkedGroups([...ties, ...allPairs(clique)])).toEqual([clique]);
});

test("of two groups of one size the more closely linked comes first, and the same links make the same groups", () => {
  const links: Link[] = [
    [1, 2],
    [2, 3],
  ];
  expect(linkedGroups(links)).toEqual([[1, 2]]);
  expect(linkedGroups(links.toReversed())).toEqual([[2, 3]]);
  expect(linkedGroups([])).toEqual([]);
});
