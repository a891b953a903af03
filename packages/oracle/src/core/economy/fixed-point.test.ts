import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vectors } from "../../../test/vectors.ts";
import { expWad, lnWad, sqrt, sqrtUp, WAD } from "./fixed-point.ts";

const { logarithms, exponentials } = vectors<{
  logarithms: { x: string; ln: string; trueLn: string }[];
  exponentials: { x: string; exp: string; trueExp: string }[];
}>("economy/fixed-point");
const off = (a: bigint, b: bigint) => (a < b ? b - a : a - b);

describe("exp and ln", () => {
  test.each(logarithms)("ln $x", ({ x, ln, trueLn }) => {
    expect(lnWad(BigInt(x))).toBe(BigInt(ln));
    expect(off(BigInt(ln), BigInt(trueLn))).toBeLessThanOrEqual(2n);
  });

  test.each(exponentials)("exp $x", ({ x, exp, trueExp }) => {
    expect(expWad(BigInt(x))).toBe(BigInt(exp));
    expect(off(BigInt(exp), BigInt(trueExp))).toBeLessThanOrEqual(2n);
  });

  test("agree with floating point as far as that goes", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), (x) => {
        expect(Number(lnWad(x)) / 1e18).toBeCloseTo(Math.log(Number(x) / 1e18), 12);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -50n * WAD, max: 0n }), (x) => {
        expect(Number(expWad(x)) / 1e18).toBeCloseTo(Math.exp(Number(x) / 1e18), 13);
      }),
    );
  });

  test("never fall while their argument rises, and are exact where the rules lean on it", () => {
    const step = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), step, (x, more) => {
        expect(lnWad(x + more)).toBeGreaterThanOrEqual(lnWad(x));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -42n * WAD, max: -WAD }), step, (x, more) => {
        expect(expWad(x + more)).toBeGreaterThanOrEqual(expWad(x));
      }),
    );
    expect([expWad(0n), lnWad(WAD)]).toEqual([WAD, 0n]);
  });
});

test("roots are the largest below and the smallest above", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 200n }), (square) => {
      const [down, up] = [sqrt(square), sqrtUp(square)];
      expect(down * down <= square && (down + 1n) * (down + 1n) > square).toBe(true);
      expect(up).toBe(down * down === square ? down : down + 1n);
    }),
  );
});
