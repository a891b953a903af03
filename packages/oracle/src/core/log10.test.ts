import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareDecimals, type Decimal, parseDecimal, shift } from "./decimals.ts";
import { log10 } from "./log10.ts";

const number = fc.record({
  digits: fc.bigInt({ min: 1n, max: 10n ** 40n }),
  scale: fc.integer({ min: 0, max: 40 }),
});

test.each([
  ["1", 0n],
  ["10", 1_000_000n],
  ["1e18", 18_000_000n],
  ["0.001", -3_000_000n],
  ["2", 301_030n],
  ["0.5", -301_030n],
  ["1250000", 6_096_910n],
  // Just below and just above a whole power.
  ["9.9999999999", 1_000_000n],
  ["0.99", -4_365n],
  ["3.16227766016837933199", 500_000n],
])("log10 of %s", (text, expected) => {
  expect(log10(parseDecimal(text), 6)).toBe(expected);
});

test.each(["0", "-1"])("%s has none", (text) => {
  expect(() => log10(parseDecimal(text), 6)).toThrow(RangeError);
});

test("is what doubles say, as far as they can tell", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1e18, noNaN: true }), (double) => {
      const exact = log10(parseDecimal(double.toExponential(15)), 6);
      expect(Math.abs(Number(exact) - Math.log10(double) * 1e6)).toBeLessThan(0.51);
    }),
  );
});

test("never falls, and a power of ten shifts it by whole numbers", () => {
  fc.assert(
    fc.property(number, number, fc.integer({ min: -20, max: 20 }), (a: Decimal, b: Decimal, power) => {
      const [low, high] = compareDecimals(a, b) <= 0 ? [a, b] : [b, a];
      expect(log10(low, 6) <= log10(high, 6)).toBe(true);
      expect(log10(shift(a, power), 6)).toBe(log10(a, 6) + BigInt(power) * 1_000_000n);
    }),
  );
});
