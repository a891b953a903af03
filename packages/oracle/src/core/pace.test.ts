import { expect, test } from "vitest";
import { takeTurn } from "./pace.ts";

const PACE = { perSecond: 10, burst: 3 };
const waits = (times: readonly number[]): number[] => {
  let before = 0;
  return times.map((now) => {
    const turn = takeTurn(before, now, PACE);
    before = turn.after;
    return turn.wait;
  });
};

test.each<[string, number[], number[]]>([
  ["a burst goes at once, the rest in steps", [5_000, 5_000, 5_000, 5_000, 5_000], [0, 0, 0, 100, 200]],
  ["who keeps the pace never waits", [5_000, 5_100, 5_200, 5_300, 5_400, 5_500], [0, 0, 0, 0, 0, 0]],
  ["a pause earns one burst, not more", [0, 0, 0, 9_000, 9_000, 9_000, 9_000], [0, 0, 0, 0, 0, 0, 100]],
])("%s", (_, times, expected) => {
  expect(waits(times)).toEqual(expected);
});
