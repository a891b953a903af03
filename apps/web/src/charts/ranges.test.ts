import { expect, test } from "vitest";
import { pointsIn, rangesOf } from "./ranges.ts";

const DAY = 86_400;
const names = (from: number, staked: number, to = staked) =>
  rangesOf({ from, staked, to }).map(({ name }) => name);

test.each([
  [0, ["All"]],
  [600, ["All"]],
  [601, ["All", "10 min"]],
  [DAY, ["All", "Hour", "10 min"]],
  [3 * DAY, ["All", "Day", "Hour", "10 min"]],
  [30 * DAY, ["All", "Week", "Day", "Hour"]],
])("of a life of %i seconds", (life, expected) => {
  expect(names(1_000, 1_000 + life)).toEqual(expected);
});

test("what came after the stakes is in all, and lengths count back from their end", () => {
  expect(rangesOf({ from: 0, staked: 2 * DAY, to: 9 * DAY })).toEqual([
    { name: "All", from: 0, to: 9 * DAY },
    { name: "Until stakes ended", from: 0, to: 2 * DAY },
    { name: "Day", from: DAY, to: 2 * DAY },
    { name: "Hour", from: 2 * DAY - 3_600, to: 2 * DAY },
    { name: "10 min", from: 2 * DAY - 600, to: 2 * DAY },
  ]);
});

test("an axis is never without length", () => {
  expect(rangesOf({ from: 50, staked: 50, to: 50 })).toEqual([{ name: "All", from: 50, to: 110 }]);
});

const at = (moment: number, share: number) => ({ at: moment, shares: [share], total: 1n });
test("a range begins with what held then", () => {
  const points = [at(10, 1), at(20, 2), at(30, 3)];
  expect(pointsIn(points, { name: "", from: 10, to: 30 })).toEqual(points);
  expect(pointsIn(points, { name: "", from: 25, to: 29 })).toEqual([at(25, 2)]);
  expect(pointsIn(points, { name: "", from: 15, to: 30 })).toEqual([at(15, 1), at(20, 2), at(30, 3)]);
  expect(pointsIn(points, { name: "", from: 0, to: 9 })).toEqual([]);
});
