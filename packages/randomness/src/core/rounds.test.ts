import { expect, test } from "vitest";
import { latestRound, roundAfter, timeOf } from "./rounds.ts";

const evmnet = { genesis: 1_727_521_075, period: 3 };

test.each([
  [0, 1n],
  [1_727_521_074, 1n],
  [1_727_521_075, 2n],
  [1_727_521_077, 2n],
  [1_727_521_078, 3n],
])("after second %i comes round %i", (time, round) => {
  expect(roundAfter(evmnet, time)).toBe(round);
  expect(timeOf(evmnet, round)).toBeGreaterThan(time);
  expect(latestRound(evmnet, time)).toBe(round - 1n);
});

test("a round's time is drand's", () => {
  expect(new Date(timeOf(evmnet, 9_337_227n) * 1000).toISOString()).toBe("2025-08-18T15:59:13.000Z");
});

test.each([0n, -1n, 2n ** 40n])("round %i has no time", (round) => {
  expect(() => timeOf(evmnet, round)).toThrow(expect.objectContaining({ code: "randomness.bad_round" }));
});

test("nor has the one after the last second", () => {
  expect(() => roundAfter(evmnet, 2 ** 40 - 1)).toThrow(
    expect.objectContaining({ code: "randomness.bad_round" }),
  );
});
