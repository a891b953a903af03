import { expect, test } from "vitest";
import { contested, oddsOf, pointAt, spread } from "./odds.ts";

test("history becomes shares: in order, one a moment, none while nothing is staked", () => {
  const points = oddsOf([
    { at: 20, block: 2, pools: ["1", "2"] },
    { at: 10, block: 1, pools: ["0", "0"] },
    { at: 20, block: 2, pools: ["1", "3"] },
    { at: 15, block: 1, pools: ["1", "0"] },
  ]);
  expect(points).toEqual([
    { at: 15, total: 1n, shares: [10_000, 0] },
    { at: 20, total: 4n, shares: [2_500, 7_500] },
  ]);
});

test("labels keep their distance and stay within bounds", () => {
  const placed = spread([50, 52, 51, 98], 10, 0, 100);
  const sorted = placed.toSorted((a, b) => a - b);
  const gaps = sorted.slice(1).map((y, index) => y - (sorted[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...placed)).toBeLessThanOrEqual(100);
});

test("finds the point that holds at a moment", () => {
  const points = [10, 20, 30].map((at) => ({ at, total: 1n, shares: [] }));
  expect([5, 10, 19, 20, 99].map((at) => pointAt(points, at))).toEqual([0, 0, 0, 1, 2]);
});

const at = (moment: number, ...shares: number[]) => ({ at: moment, total: 1n, shares });
test("odds begin where a second outcome has stakes", () => {
  const [alone, both, more] = [at(1, 10_000, 0), at(2, 5_000, 5_000), at(3, 9_000, 1_000)];
  expect(contested([alone, both, more])).toEqual([both, more]);
  expect(contested([both])).toEqual([both]);
  expect(contested([alone])).toEqual([]);
  expect(contested([])).toEqual([]);
});
