import { expect, test } from "vitest";
import {
  amountParts,
  formatAmount,
  formatFixed,
  formatMultiple,
  formatPercent,
  formatReturn,
  formatShare,
  grouped,
  parseAmount,
  parseFixed,
} from "./amount.ts";

const codeOf = (run: () => unknown): string => {
  try {
    return String(run());
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  [0n, 6, "0.00"],
  [1n, 6, "0.000001"],
  [41_237_512n, 6, "41.237512"],
  [1_234_500_000n, 6, "1,234.50"],
  [-5_000_000n, 6, "−5.00"],
  [7n, 0, "7"],
  [9_007_199_254_740_993n * 10n ** 6n + 1n, 6, "9,007,199,254,740,993.000001"],
])("writes %s with %i decimals as %s", (value, decimals, text) => {
  expect(formatAmount(value, decimals)).toBe(text);
});

test("what is written is read back to the unit", () => {
  for (const value of [0n, 1n, 999_999n, 1_000_000n, 123_456_789_012_345_678_901n])
    expect(parseAmount(formatAmount(value, 6), 6)).toBe(value);
});

test("keeps what is read first apart from what only makes it exact", () => {
  expect(amountParts(1_041_237_510n, 6)).toEqual({
    negative: false,
    whole: "1,041",
    cents: "23",
    rest: "751",
  });
});

test.each([
  ["", "amount.empty"],
  [".", "amount.not_a_number"],
  ["-1", "amount.not_a_number"],
  ["1e3", "amount.not_a_number"],
  ["1.2345678", "amount.too_precise"],
  ["1.2300000000", "1230000"],
  [" 1 000,5 ".replace(",", "."), "1000500000"],
  [".5", "500000"],
  ["1,5", "amount.comma"],
  ["1,50", "amount.comma"],
  ["0,500", "amount.comma"],
  [",5", "amount.comma"],
  ["1234,567", "amount.comma"],
  ["1,234,56", "amount.not_a_number"],
  ["1,", "amount.not_a_number"],
  ["1.234,5", "amount.not_a_number"],
  ["1.5,000", "amount.not_a_number"],
  ["1,234", "1234000000"],
  ["12,345,678.9", "12345678900000"],
])("reads %j as %s", (text, result) => {
  expect(codeOf(() => parseAmount(text, 6))).toBe(result);
});

test("reads and writes signed fixed point", () => {
  expect(parseFixed("−2,315.5", 8)).toBe(-231_550_000_000n);
  expect(formatFixed(-231_550_000_000n, 8, "USD")).toBe("−2,315.5 USD");
  expect(formatFixed(12n, 0)).toBe("12");
});

test("shares are rounded to tenths, pay-outs never up", () => {
  expect([0, 4, 5, 6_123, 9_996, 10_000].map(formatShare)).toEqual([
    "0.0%",
    "0.0%",
    "0.1%",
    "61.2%",
    "100.0%",
    "100.0%",
  ]);
  expect([1_600, 0, -4, -1_250, -10_000].map(formatReturn)).toEqual([
    "16.0%",
    "0.0%",
    "0.0%",
    "−12.5%",
    "−100.0%",
  ]);
  expect([10_000, 16_399, 1_264_799].map(formatMultiple)).toEqual(["1.00×", "1.63×", "126.47×"]);
  expect([0, 100, 250, 205].map(formatPercent)).toEqual(["0%", "1%", "2.5%", "2.05%"]);
});

test("a typed number is shown with its thousands apart, to the last digit", () => {
  expect(["2300", "-1234567.0100", "0.5", "999"].map(grouped)).toEqual([
    "2,300",
    "−1,234,567.0100",
    "0.5",
    "999",
  ]);
});
