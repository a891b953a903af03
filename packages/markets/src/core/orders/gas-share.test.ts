import { expect, test } from "vitest";
import { gasLeft } from "./gas-share.ts";

const DAY = 2_700n;
test.each<[string, bigint[], bigint]>([
  ["nothing was taken: an hour's, and what three hours left", [], 400n],
  ["all of that was taken just now", [400n], 0n],
  ["an hour ago: one hour's is there again", [0n, 400n], 100n],
  ["two hours ago", [0n, 0n, 400n], 200n],
  ["long ago: no more is carried than three hours'", [0n, 0n, 0n, 0n, 0n, 0n, 400n], 400n],
  ["an hour's in each hour", Array.from({ length: 24 }, () => 100n), 300n],
  [
    "all but the last hour's of a day, and what is carried",
    [0n, ...Array.from({ length: 23 }, () => 100n)],
    400n,
  ],
  ["more than there was, since the day was cut", [9_000n], -8_600n],
])("%s", (_, asked, left) => {
  expect(gasLeft(asked, DAY, 10n)).toBe(left);
});

test("who takes all he can takes no more than a day's in a day, and leaves each hour its share", () => {
  const taken: bigint[] = [];
  for (let hour = 0; hour < 72; hour++) {
    const left = gasLeft([0n, ...taken], DAY, 10n);
    expect(left).toBeGreaterThanOrEqual(100n);
    taken.unshift(left);
    expect(taken.slice(0, 24).reduce((sum, one) => sum + one, 0n)).toBeLessThanOrEqual(DAY);
  }
});

test("a day that has room for one thing has it in any hour", () => {
  expect(gasLeft([], 400n, 400n)).toBe(400n);
  expect(gasLeft([0n, 400n], 400n, 400n)).toBe(0n);
  expect(gasLeft([], 399n, 400n)).toBe(399n);
});
