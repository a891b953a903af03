import { expect, test } from "vitest";
import { isMissed, measurement, median, percentile } from "./measurement.ts";
import { asJson, table } from "./table.ts";

test("median and percentile are values that were measured", () => {
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      0.95,
    ),
  ).toBe(95);
  expect(median([])).toBeNaN();
});

test("a promise is missed on its worse side only, and by what could not be measured", () => {
  const row = { name: "a", unit: "ms", reference: 2, against: "", isLimit: true, smallerIsBetter: true };
  expect([2, 2.1, Number.NaN].map((value) => isMissed(measurement({ ...row, value })))).toEqual([
    false,
    true,
    true,
  ]);
  expect(isMissed(measurement({ ...row, value: 3, smallerIsBetter: false }))).toBe(false);
  expect(isMissed(measurement({ ...row, value: 3, isLimit: false }))).toBe(false);
});

test("a table for people and an object for machines", () => {
  const rows = [
    measurement({
      name: "api.list",
      value: 8_123.456,
      unit: "requests/s",
      reference: 16_000,
      against: "bare route",
    }),
    measurement({
      name: "gas.stake",
      value: 69_887,
      unit: "gas",
      reference: null,
      against: "",
      smallerIsBetter: true,
    }),
  ];
  expect(asJson(rows)).toEqual({
    "api.list": { value: 8_123, unit: "requests/s", reference: 16_000, ratio: 0.5077 },
    "gas.stake": { value: 69_887, unit: "gas", reference: null, ratio: null },
  });
  expect(table(rows)).toMatchInlineSnapshot(`
    "measured    value  unit        reference  ratio  reference is
    api.list    8,123  requests/s     16,000  0.51×  bare route
    gas.stake  69,887  gas"
  `);
});
