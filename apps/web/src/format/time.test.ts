import { expect, test } from "vitest";
import {
  formatAbsolute,
  formatDuration,
  formatMonth,
  formatRelative,
  fromInputTime,
  toInputTime,
} from "./time.ts";

test.each([
  [-5, "0 s"],
  [8, "8 s"],
  [60, "1 min"],
  [750, "12 min 30 s"],
  [3_605, "1 h"],
  [187_200, "2 d 4 h"],
])("%i seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("tells the distance in one unit, before and after", () => {
  expect([1_000, 1_001, 1_090, 4_700, 90_000].map((at) => formatRelative(at, 1_000))).toEqual([
    "now",
    "now",
    "in 1 min",
    "in 1 h",
    "in 1 d",
  ]);
  expect(formatRelative(400, 1_000)).toBe("10 min ago");
});

test("moments are UTC, whatever the zone of the reader", () => {
  expect(formatAbsolute(1_747_008_000)).toBe("12 May 2025, 00:00:00 UTC");
  expect([1_746_057_600, 1_746_057_599].map(formatMonth)).toEqual(["May 2025", "April 2025"]);
  expect(fromInputTime(toInputTime(1_747_008_061))).toBe(1_747_008_061);
  expect(fromInputTime("")).toBeUndefined();
});
