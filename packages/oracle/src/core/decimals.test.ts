import { AppError } from "@sooth/kernel";
import { expect, test } from "vitest";
import {
  compareDecimals,
  formatDecimal,
  formatFixedPoint,
  groupThousands,
  parseDecimal,
  shift,
  toFixedPoint,
} from "./decimals.ts";

test.each([
  ["2315.5", 8, 231_550_000_000n],
  ["-3", 0, -3n],
  ["1e-7", 7, 1n],
  ["1.5E+3", 2, 150_000n],
  ["0.000000000000000001", 18, 1n],
  ["123456789012345678901234567890.12", 2, 12_345_678_901_234_567_890_123_456_789_012n],
  // Half to even, on both sides of zero.
  ["0.5", 0, 0n],
  ["1.5", 0, 2n],
  ["2.5", 0, 2n],
  ["-0.5", 0, 0n],
  ["-1.5", 0, -2n],
  ["2.51", 0, 3n],
  ["-2.4999", 0, -2n],
])("%s with %i decimals", (text, decimals, value) => {
  expect(toFixedPoint(parseDecimal(text), decimals)).toBe(value);
});

test.each(["", " 1", "1.", ".5", "0x10", "NaN", "1e99999", "1e61", "1,000", "--1", "９", "1".repeat(101)])(
  "refuses %j",
  (text) => {
    expect(() => parseDecimal(text)).toThrow(AppError);
  },
);

test("a number survives its text", () => {
  for (let i = 0; i < 500; i++) {
    const value = (BigInt(i) * 7_919_777n - 1_000_000_007n) * BigInt(1 + (i % 5));
    const decimals = i % 19;
    expect(toFixedPoint(parseDecimal(formatFixedPoint(value, decimals)), decimals)).toBe(value);
  }
});

test("compares across scales", () => {
  expect(compareDecimals(parseDecimal("1.50"), parseDecimal("1.5"))).toBe(0);
  expect(compareDecimals(parseDecimal("-2"), parseDecimal("-1.999"))).toBe(-1);
  expect(compareDecimals(parseDecimal("1e3"), parseDecimal("999.9"))).toBe(1);
});

test("shifts by powers of ten", () => {
  expect(formatDecimal(shift(parseDecimal("231550"), -2))).toBe("2315.5");
  expect(formatDecimal(shift(parseDecimal("0.015"), 2))).toBe("1.5");
});

test("groups thousands for people", () => {
  expect(groupThousands("1234567.8912")).toBe("1,234,567.8912");
  expect(groupThousands("-1234")).toBe("-1,234");
  expect(groupThousands("999")).toBe("999");
});
