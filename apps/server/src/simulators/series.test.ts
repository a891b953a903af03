import { AppError } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { parsePrices, priceText, randomWalk, seriesFromCsv } from "./series.ts";

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
  }
  return "no error";
};

test.each([
  [
    "header, remark, CRLF and blank lines",
    "# from somewhere\r\ndate,value\r\n\r\n2021-05-04,3470.25\r\n",
    ["2021-05-04 3470.25"],
  ],
  ["no header", "2021-05-04,3470\n2021-05-06,1.123456789", ["2021-05-04 3470.00", "2021-05-06 1.12345678"]],
  ["byte order mark and quotes", '\uFEFF"date","value"\n"2021-05-04","0.5"', ["2021-05-04 0.50"]],
  ["a day without a market is left out", "2015-07-30,0.00\n2015-08-07,2.77", ["2015-08-07 2.77"]],
  ["an empty file has no days", "", []],
])("a price file: %s", (_name, csv, wanted) => {
  expect(parsePrices(csv).map((day) => `${day.date} ${priceText(day.price)}`)).toEqual(wanted);
});

test.each([
  ["a day that does not exist", "2021-02-30,1", /simulator.bad_csv: line 1 .*2021-02-30/],
  ["another date format", "date,value\n04/05/2021,1", /line 2 .*04\/05\/2021.*YYYY-MM-DD/],
  ["three columns", "date,value\n2021-05-04,1,2", /line 2 .*3 fields/],
  ["a negative price", "2021-05-04,-1", /value "-1"/],
  ["not a number", "2021-05-04,1e3", /value "1e3"/],
  ["a day twice", "2021-05-04,1\n2021-05-04,2", /line 2 .*ascending/],
  ["binary rubbish", "\u0000\u0001\u0002", /line 1/],
  ["a second header", "date,value\ndate,value", /line 2 .*date "date"/],
])("a price file is refused for %s", (_name, csv, wanted) => {
  expect(codeOf(() => parsePrices(csv))).toMatch(wanted);
});

test("a day opens at the close of the day before", () => {
  const series = seriesFromCsv("2021-05-03,100\n2021-05-04,90\n2021-05-06,95");
  const day = (date: string) => series.candle(Date.parse(date) / 1000);
  expect(day("2021-05-04")).toMatchObject({
    open: 100_00000000n,
    close: 90_00000000n,
    high: 100_00000000n,
    low: 90_00000000n,
  });
  expect(day("2021-05-05")).toBeUndefined();
  expect(day("2021-05-06")).toMatchObject({ open: 95_00000000n, close: 95_00000000n });
});

describe("random walk", () => {
  const start = 1_700_000_040;
  const walk = randomWalk(7, 2_000, 60);

  test("is the same for ever, joined, and another one for another seed", () => {
    const first = walk.candle(start);
    expect(first).toEqual(randomWalk(7, 2_000, 60).candle(start));
    expect(walk.candle(start + 60)?.open).toBe(first?.close);
    expect(randomWalk(8, 2_000, 60).candle(start)?.close).not.toBe(first?.close);
    expect(walk.candle(start + 1)).toBeUndefined();
  });

  test("moves, and stays within a tenth of its start", () => {
    const closes = Array.from(
      { length: 3_000 },
      (_, i) => Number(walk.candle(start + i * 60)?.close ?? 0n) / 1e8,
    );
    expect(Math.min(...closes)).toBeGreaterThan(1_800);
    expect(Math.max(...closes)).toBeLessThan(2_220);
    expect(new Set(closes).size).toBeGreaterThan(1_000);
  });
});
