import type { Amount, Bps } from "@sooth/kernel";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Opinion,
  payCurve,
  payOf,
  prizeOf,
  RULES,
  type Shares,
  scoreOf,
  stanceOf,
  tally,
  totalsOf,
  unitAt,
  weightAt,
  weightOfAll,
} from "./bands.ts";

const opinion = (band: number, amount: bigint): Opinion => ({ band, amount: amount as Amount });
const plain: Shares = { rule: "fourth", feeBps: 0 as Bps, prizeBps: 0 as Bps, prizes: 1 };

const anyMarket = fc.record({
  opinions: fc.array(
    fc.record({
      band: fc.integer({ min: 0, max: 20 }),
      amount: fc.bigInt({ min: 1n, max: (1n << 45n) - 1n }).map((value) => value as Amount),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  score: fc.integer({ min: 0, max: 100 }),
  shares: fc.record({
    rule: fc.constantFrom(...RULES),
    feeBps: fc.integer({ min: 0, max: 1_000 }).map((value) => value as Bps),
    prizeBps: fc.integer({ min: 0, max: 5_000 }).map((value) => value as Bps),
    prizes: fc.integer({ min: 1, max: 16 }),
  }),
});

test("pays what the shared cases say", () => {
  const file = new URL("../../../../../vectors/rules/bands.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: BandCase[] };
  expect(cases.length).toBeGreaterThanOrEqual(80);
  for (const each of cases) {
    const opinions = each.bands.map((band, i) => opinion(band, BigInt(each.amounts[i] ?? "0")));
    const rule = RULES[each.rule] ?? "linear";
    const ended = tally(totalsOf(opinions), each.score, rule);
    expect(ended.total).toBe(BigInt(each.total));
    expect(weightOfAll(rule, ended)).toBe(BigInt(each.weight));
    if (each.weight === "0") continue;
    const shares = { ...plain, rule, feeBps: each.feeBps as Bps, prizeBps: each.prizeBps as Bps };
    expect(opinions.map((one) => String(payOf(one, shares, ended)))).toEqual(each.pays);
  }
});

type BandCase = {
  bands: number[];
  amounts: string[];
  score: number;
  rule: number;
  feeBps: number;
  prizeBps: number;
  total: string;
  weight: string;
  pays: string[];
};

describe("money", () => {
  test("pay-outs, prizes and fee never exceed the stakes, and are short by less than one unit each", () => {
    fc.assert(
      fc.property(anyMarket, ({ opinions, score, shares }) => {
        const ended = tally(totalsOf(opinions), score, shares.rule);
        fc.pre(weightOfAll(shares.rule, ended) > 0n);
        const paid = opinions.reduce((all, one) => all + payOf(one, shares, ended), 0n);
        const fee = (ended.total * BigInt(shares.feeBps)) / 10_000n;
        const dust = ended.total - paid - fee - prizeOf(ended.total, shares) * BigInt(shares.prizes);
        expect(dust).toBeGreaterThanOrEqual(0n);
        expect(dust).toBeLessThan(BigInt(opinions.length + shares.prizes));
      }),
      { numRuns: 1_000 },
    );
  });

  test("one stake cut into two is never paid more", () => {
    fc.assert(
      fc.property(anyMarket, fc.bigInt({ min: 1n, max: 1n << 44n }), ({ opinions, score, shares }, cut) => {
        const [first, ...others] = opinions;
        fc.pre(first !== undefined && cut < first.amount);
        if (!first) return;
        const ended = tally(totalsOf([first, ...others]), score, shares.rule);
        fc.pre(weightOfAll(shares.rule, ended) > 0n);
        const parts = [cut, first.amount - cut].map((amount) =>
          payOf(opinion(first.band, amount), shares, ended),
        );
        expect(parts.reduce((all, one) => all + one, 0n)).toBeLessThanOrEqual(payOf(first, shares, ended));
      }),
    );
  });

  test("who stands nearer is paid no less for the same stake", () => {
    fc.assert(
      fc.property(
        anyMarket,
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (market, a, b) => {
          const { opinions, score, shares } = market;
          fc.pre(Math.abs(stanceOf(a) - score) <= Math.abs(stanceOf(b) - score));
          const ended = tally(totalsOf(opinions), score, shares.rule);
          expect(weightAt(a, shares.rule, ended)).toBeGreaterThanOrEqual(weightAt(b, shares.rule, ended));
        },
      ),
    );
  });
});

describe("draws", () => {
  test("every weight belongs to one unit of its band, in order", () => {
    const opinions = [opinion(20, 3n), opinion(0, 2n), opinion(20, 1n)];
    const totals = totalsOf(opinions);
    const ended = tally(totals, 98, "linear");
    // Band 0 stands 98 away: 2 units of weight 2; band 20 stands 2 away: 4 units of weight 98.
    expect(weightOfAll("linear", ended)).toBe(396n);
    expect(unitAt(0n, totals, "linear", ended)).toEqual({ band: 0, offset: 0n });
    expect(unitAt(3n, totals, "linear", ended)).toEqual({ band: 0, offset: 1n });
    expect(unitAt(4n, totals, "linear", ended)).toEqual({ band: 20, offset: 0n });
    expect(unitAt(395n, totals, "linear", ended)).toEqual({ band: 20, offset: 3n });
    expect(() => unitAt(396n, totals, "linear", ended)).toThrow("no unit weighs number 396");
  });
});

test("the curve says what each score would pay, the stake itself counted", () => {
  const totals = totalsOf([opinion(4, 100n)]);
  const curve = payCurve(totals, opinion(16, 100n), plain);
  expect(curve).toHaveLength(101);
  expect(curve[50]).toBe(100n); // as far as the other
  // At 80 the one weighs 100^4, the other, 60 away, 40^4.
  expect(curve[80]).toBe((200n * 100n ** 4n) / (100n ** 4n + 40n ** 4n));
  // At 0 with everybody on 100 nobody weighs anything: the stake comes back.
  expect(payCurve(totalsOf([]), opinion(20, 9n), plain)[0]).toBe(9n);
});

test.each([
  [0n, 0],
  [49n, 0],
  [50n, 1],
  [4_950n, 50],
  [10_000n, 100],
])("an answer of %d hundredths is the score %d", (answer, score) => {
  expect(scoreOf(answer)).toBe(score);
});
