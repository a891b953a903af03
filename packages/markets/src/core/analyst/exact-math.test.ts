import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exp, sigmoid } from "./exact-math.ts";

test("exp is within 1e-14 of the library's, relatively", () =>
  fc.assert(
    fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    }),
  ));

test("exp is held at its bounds", () => {
  expect(exp(1_000)).toBe(exp(40));
  expect(exp(-1_000)).toBe(exp(-40));
  expect(exp(0)).toBe(1);
});

test("sigmoid grows and is a half at 0", () =>
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
      expect(sigmoid(0)).toBe(0.5);
      expect(sigmoid(x + 0.01)).toBeGreaterThan(sigmoid(x));
    }),
  ));
