import { at, need } from "@sooth/kernel";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bigints, vectors } from "../../../test/vectors.ts";
import { WAD } from "./fixed-point.ts";
import {
  type Counts,
  credit,
  decayed,
  entropy,
  factorBps,
  information,
  lowerBound,
  NO_COUNTS,
  record,
  scoreOf,
} from "./reputation.ts";

const DAY = 86_400;
const off = (a: bigint, b: bigint) => (a < b ? b - a : a - b);
const told = vectors<{
  entropies: { masses: string[]; bits: string; trueBits: string }[];
  credits: { value: string; answer: string; tolerance: string; credit: string; trueCredit: string }[];
}>("economy/information");
const file = vectors<{
  histories: {
    informations: string[];
    credits: string[];
    times: number[];
    now: number;
    right: string;
    wrong: string;
    bound: string;
    trueBound: string;
    score: number;
    factorBps: number;
  }[];
}>("economy/reputation");

describe("vectors", () => {
  test.each(told.entropies)("entropy of $masses", ({ masses, bits, trueBits }) => {
    expect(entropy(bigints(masses))).toBe(BigInt(bits));
    expect(off(BigInt(bits), BigInt(trueBits))).toBeLessThanOrEqual(2_000n);
  });

  test.each(told.credits)("credit of $value for $answer within $tolerance", (each) => {
    const got = credit(BigInt(each.value), BigInt(each.answer), BigInt(each.tolerance));
    expect(got).toBe(BigInt(each.credit));
    // A ratio rounded in its 18th digit moves the value by less than twice the ratio.
    expect(off(got, BigInt(each.trueCredit))).toBeLessThanOrEqual(4n);
  });

  test.each(file.histories)("$score after $times", (each) => {
    const counts = each.times.reduce(
      (before, time, i) =>
        record(before, BigInt(at(each.informations, i)), BigInt(at(each.credits, i)), time),
      NO_COUNTS,
    );
    expect([counts.right, counts.wrong]).toEqual([BigInt(each.right), BigInt(each.wrong)]);
    const bound = lowerBound(counts, each.now);
    expect(bound).toBe(BigInt(each.bound));
    expect(off(bound, BigInt(each.trueBound))).toBeLessThanOrEqual(100n);
    expect([scoreOf(bound), factorBps(bound)]).toEqual([each.score, each.factorBps]);
  });

  test("there are enough", () => {
    expect(Math.min(told.entropies.length, told.credits.length, file.histories.length)).toBeGreaterThan(20);
  });
});

const anyCounts = fc.record({
  right: fc.bigInt({ min: 0n, max: 1_000n * WAD }),
  wrong: fc.bigInt({ min: 0n, max: 1_000n * WAD }),
  at: fc.integer({ min: 1, max: 1_000 * DAY }),
});
const anyCredit = fc.bigInt({ min: 0n, max: WAD });

describe("information", () => {
  test("is nothing but the floor when all agree, and one for two equal camps", () => {
    expect(information(entropy([7n]), 0n)).toBe(WAD / 50n);
    expect(information(entropy([5n, 5n]), 0n)).toBe(WAD);
    expect(information(0n, entropy([1n, 3n]))).toBe(entropy([1n, 3n]));
  });

  test("of n camps is at most log2 n, and does not depend on their order or scale", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 1n << 96n }), { minLength: 1, maxLength: 32 }),
        (masses) => {
          const bits = entropy(masses);
          expect(Number(bits) / 1e18).toBeLessThanOrEqual(Math.log2(masses.length) + 1e-12);
          expect(entropy(masses.toReversed())).toBe(bits);
          expect(entropy(masses.map((mass) => mass * 16n))).toBe(bits);
        },
      ),
    );
  });
});

describe("credit", () => {
  test("is whole at the answer, 1/e at the tolerance, nothing far away", () => {
    expect(credit(10n, 10n, 0n)).toBe(WAD);
    expect(Number(credit(12n, 10n, 2n)) / 1e18).toBeCloseTo(Math.exp(-1), 15);
    expect(credit(24n, 10n, 2n)).toBe(0n);
  });

  test("falls with the distance on both sides alike", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(1n << 90n), max: 1n << 90n }),
        fc.bigInt({ min: 0n, max: 1n << 40n }),
        fc.bigInt({ min: 0n, max: 1n << 40n }),
        fc.bigInt({ min: 0n, max: 1n << 40n }),
        (answer, near, further, tolerance) => {
          expect(credit(answer + near, answer, tolerance)).toBe(credit(answer - near, answer, tolerance));
          // A unit for the exponential, which is monotone in all but its last digit near 1.
          expect(credit(answer + near + further, answer, tolerance)).toBeLessThanOrEqual(
            credit(answer + near, answer, tolerance) + 1n,
          );
        },
      ),
    );
  });
});

const scoreAt = (counts: Counts, now: number) => scoreOf(lowerBound(counts, now));

describe("reputation", () => {
  test("starts at 254, which counts a tenth", () => {
    expect(scoreAt(NO_COUNTS, 0)).toBe(254);
    expect(factorBps(lowerBound(NO_COUNTS, 0))).toBe(1_000);
  });

  test("halves in 90 days, and after years without a question is where it started", () => {
    const counts = { right: 8n * WAD, wrong: 2n * WAD, at: 1_000 };
    expect(decayed(counts, 1_000 + 90 * DAY)).toEqual({ right: 4n * WAD, wrong: WAD });
    expect(decayed(counts, 900)).toEqual({ right: 8n * WAD, wrong: 2n * WAD });
    expect(scoreAt({ right: 500n * WAD, wrong: 0n, at: 1_000 }, 1_000 + 12_000 * DAY)).toBe(254);
  });

  test("one mistake costs what three right answers gave", () => {
    const counts = record(record(NO_COUNTS, WAD, WAD, 1), WAD, 0n, 1);
    expect([counts.right, counts.wrong]).toEqual([WAD, 3n * WAD]);
  });

  test("rises with a right answer, falls with a wrong one, and stays between 0 and 1", () => {
    fc.assert(
      fc.property(anyCounts, fc.bigInt({ min: WAD / 50n, max: WAD }), (counts, told) => {
        const now = lowerBound(counts, counts.at);
        expect(now).toBeGreaterThan(0n);
        expect(now).toBeLessThan(WAD);
        expect(lowerBound(record(counts, told, WAD, counts.at), counts.at)).toBeGreaterThan(now);
        expect(lowerBound(record(counts, told, 0n, counts.at), counts.at)).toBeLessThan(now);
      }),
    );
  });

  test("a larger bound never counts less, from a tenth to the whole", () => {
    fc.assert(
      fc.property(anyCredit, anyCredit, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(factorBps(low)).toBeLessThanOrEqual(factorBps(high));
        expect(factorBps(low)).toBeGreaterThanOrEqual(1_000);
        expect(factorBps(high)).toBeLessThanOrEqual(10_000);
        expect(scoreOf(high)).toBeLessThanOrEqual(1_000);
      }),
    );
    expect([WAD / 2n, (WAD * 3n) / 4n, (WAD * 95n) / 100n, WAD].map(factorBps)).toEqual([
      1_000,
      Math.floor((Math.log(3) / Math.log(19)) * 10_000),
      10_000,
      10_000,
    ]);
  });

  test("sums stop at the top of their field", () => {
    const top = (1n << 96n) - 1n;
    const full = record({ right: top, wrong: top, at: 5 }, WAD, WAD / 2n, 5);
    expect([full.right, full.wrong]).toEqual([top, top]);
    expect(scoreAt(full, 5)).toBe(499);
    expect(need(file.histories[0], "the first history").score).toBe(254);
  });
});
