import type { Address } from "@sooth/kernel";
import { expect, test } from "vitest";
import { DIVISIONS, type SeasonResult, seasonOf, seasonsBetween, standings, startsAt } from "./leagues.ts";

const person = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const result = (n: number, profit: number): SeasonResult => ({
  address: person(n),
  profit: BigInt(profit),
  markets: 1,
});
/** Ten people; the higher the number, the more they gained, from -5 to 4. */
const ten = () => Array.from({ length: 10 }, (_, n) => result(n, n - 5));
const shown = (seasons: SeasonResult[][]) =>
  standings(seasons).map(({ address, division, rank, goes }) => [Number(address), division, rank, goes]);

test("whoever is new begins in the last division; a fifth rises, and nobody falls out of it", () => {
  const all = shown([ten()]);
  expect(all.map(([who]) => who)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(all.every(([, division]) => division === DIVISIONS)).toBe(true);
  expect(all.filter(([, , , goes]) => goes === "up").map(([who]) => who)).toEqual([9, 8]);
  expect(all.some(([, , , goes]) => goes === "down")).toBe(false);
});

test("who rose stands one higher, the worst fifth there falls, and the best of all stays", () => {
  const seasons = [ten(), [result(9, 7), result(8, -7)], [result(9, 1), result(8, 1)], [result(9, 1)]];
  expect(shown(seasons.slice(0, 2))).toEqual([
    [9, 2, 1, "up"],
    [8, 2, 2, "down"],
  ]);
  expect(shown(seasons.slice(0, 3))).toEqual([
    [9, 1, 1, "stays"],
    [8, 3, 1, "up"],
  ]);
  expect(shown(seasons)).toEqual([[9, 1, 1, "stays"]]);
});

test("nobody rises by a loss, or falls by a gain, and the same profit goes the same way", () => {
  expect(shown([[result(1, -1), result(2, -2)]]).map(([, , , goes]) => goes)).toEqual(["stays", "stays"]);
  // A fifth of five is one; three have as much as he.
  const tied = [result(1, 4), result(2, 4), result(3, 4), result(4, 1), result(5, 0)];
  expect(shown([tied])).toEqual([
    [1, 3, 1, "up"],
    [2, 3, 1, "up"],
    [3, 3, 1, "up"],
    [4, 3, 4, "stays"],
    [5, 3, 5, "stays"],
  ]);
  const risen = [1, 2, 3].map((n) => result(n, n));
  expect(shown([tied, risen]).map(([who, division, , goes]) => [who, division, goes])).toEqual([
    [3, 2, "up"],
    [2, 2, "stays"],
    [1, 2, "stays"],
  ]);
});

test("two seasons without anything keep one's place, three begin anew", () => {
  const risen = [[result(1, 5)], [], []];
  expect(shown([...risen, [result(1, 1)]])).toEqual([[1, 2, 1, "up"]]);
  expect(shown([...risen, [], [result(1, 1)]])).toEqual([[1, 3, 1, "up"]]);
  expect(shown([[], []])).toEqual([]);
});

test("seasons are calendar months, and none is left out", () => {
  expect([seasonOf(0), seasonOf(1_795_046_400)]).toEqual(["1970-01", "2026-11"]);
  expect(seasonsBetween("2026-11", "2027-02")).toEqual(["2026-11", "2026-12", "2027-01", "2027-02"]);
  expect(seasonsBetween("2028-02", "2028-03")).toEqual(["2028-02", "2028-03"]);
  expect(seasonsBetween("2026-12", "2026-11")).toEqual([]);
  expect([seasonOf(startsAt("2026-11")), seasonOf(startsAt("2026-11") - 1)]).toEqual(["2026-11", "2026-10"]);
});
