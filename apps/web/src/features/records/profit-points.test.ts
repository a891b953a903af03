import { expect, test } from "vitest";
import { formatBrier } from "../../format/brier.ts";
import { profitPoints } from "./profit-points.ts";

const usd = { decimals: 6, symbol: "tUSD" };

test("the line begins at nothing, and tells every point to the unit", () => {
  const found = profitPoints(
    [
      { at: 1_000, profit: "-1500001" },
      { at: 5_000, profit: "2000000" },
    ],
    usd,
  );
  expect(found).toEqual({
    points: [
      { at: 800, value: 0, text: "0.00 tUSD" },
      { at: 1_000, value: -1.500001, text: "−1.500001 tUSD" },
      { at: 5_000, value: 2, text: "2.00 tUSD" },
    ],
    min: -1.500001,
    max: 2,
  });
});

test.each([
  ["nothing ended", [], 0, 0],
  ["losses alone", [{ at: 1, profit: "-1000000" }], -1, 0],
  ["gains alone", [{ at: 1, profit: "1000000" }], 0, 1],
  ["even", [{ at: 1, profit: "0" }], 0, 1],
])("its scale holds what it shows: %s", (_, history, min, max) => {
  expect(profitPoints(history, usd)).toMatchObject({ min, max });
});

test.each([
  [0, "0.000"],
  [1_000_000, "1.000"],
  [123_999, "0.123"],
  [9_800, "0.009"],
])("%i millionths read %s", (millionths, text) => {
  expect(formatBrier(millionths)).toBe(text);
});
