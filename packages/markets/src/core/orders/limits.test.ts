import { outcomeTokensAbi } from "@sooth/abi";
import { expect, test } from "vitest";
import { errorName } from "../contract-error.ts";
import { OutcomesError } from "./errors.ts";
import { outcomesOf } from "../outcomes.ts";
import { latestExpiry } from "./limits.ts";

const terms = { opensAt: 10_000, endsEarly: false };

test("an order ends before the moment that is asked about, and before the question opens", () => {
  expect(latestExpiry(terms, 10_000, 1_000)).toBe(9_999);
  expect(latestExpiry(terms, 8_000, 1_000)).toBe(7_999);
  expect(latestExpiry(terms, 10_000, 9_979)).toBe(9_999);
  expect(latestExpiry(terms, 10_000, 9_980)).toBeNull();
  expect(latestExpiry(terms, 10_000, 20_000)).toBeNull();
});

test("where the answer may come early an order stands an hour", () => {
  expect(latestExpiry({ ...terms, endsEarly: true }, 10_000, 1_000)).toBe(4_600);
  expect(latestExpiry({ ...terms, endsEarly: true }, 10_000, 9_000)).toBe(9_999);
});

test("which questions have a yes and a no", () => {
  expect(outcomesOf({ aggregation: "plurality", min: 0n, max: 1n })).toBe(1);
  expect(outcomesOf({ aggregation: "median", min: -5n, max: 5n })).toBe(1);
  expect(outcomesOf({ aggregation: "median", min: 5n, max: 5n })).toBe(0);
  expect(outcomesOf({ aggregation: "root", min: 0n, max: 1n })).toBe(0);
  expect(outcomesOf({ aggregation: "plurality", min: 0n, max: 2n })).toBe(3);
  expect(outcomesOf({ aggregation: "plurality", min: 0n, max: 31n })).toBe(32);
  expect(outcomesOf({ aggregation: "plurality", min: 0n, max: 32n })).toBe(0);
  expect(outcomesOf({ aggregation: "plurality", min: 4n, max: 4n })).toBe(0);
});

test("every row of the first group has a Solidity error", () => {
  const names = new Set(
    outcomeTokensAbi.filter((item) => item.type === "error").map(({ name }) => errorName(name)),
  );
  const rows = Object.keys(OutcomesError.rows);
  expect(rows.slice(0, rows.indexOf("unknown_order")).filter((row) => !names.has(row))).toEqual([]);
});
