import { at } from "@sooth/kernel";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  bpsShare,
  exchangeOf,
  ONE,
  type OutcomeOrder,
  redeemed,
  settledAs,
  SIDES,
  yesShareBps,
} from "./outcomes.ts";

type Vectors = {
  matches: {
    taker: number;
    maker: number;
    takerPrice: string;
    makerPrice: string;
    amount: string;
    does: string;
    why: string;
    price: string;
    takers: string;
    makers: string;
  }[];
  shares: { min: string; max: string; value: string; yesBps: number }[];
  redemptions: { yes: string; no: string; yesBps: number; pays: string }[];
};
const file = new URL("../../../../vectors/outcomes.json", import.meta.url);
const { matches, shares, redemptions } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

test("the shared cases hold every pair of sides, and every way in which two orders end", () => {
  expect(new Set(matches.map(({ taker, maker }) => 4 * taker + maker)).size).toBe(16);
  expect([...new Set(matches.map(({ does, why }) => why || does))].toSorted()).toEqual([
    "merge",
    "mint",
    "no_match",
    "prices_do_not_meet",
    "rounds_beyond_price",
    "trade",
  ]);
});

test("two orders exchange what the shared cases say", () => {
  for (const [index, one] of matches.entries()) {
    const taker = { side: at(SIDES, one.taker), price: BigInt(one.takerPrice) };
    const maker = { side: at(SIDES, one.maker), price: BigInt(one.makerPrice) };
    const got = exchangeOf(taker, maker, BigInt(one.amount));
    const plain = { why: "", price: 0n, takers: 0n, makers: 0n, ...got };
    const want = { ...plain, does: one.does, why: one.why };
    const money = { price: BigInt(one.price), takers: BigInt(one.takers), makers: BigInt(one.makers) };
    expect([index, plain]).toEqual([index, { ...want, ...money }]);
  }
});

test("yes is worth, and holders are paid, what the shared cases say", () => {
  expect([shares.length, redemptions.length]).toEqual([40, 40]);
  for (const { min, max, value, yesBps } of shares)
    expect(
      yesShareBps({ kind: "answered", value: BigInt(value) }, { min: BigInt(min), max: BigInt(max) }),
    ).toBe(BigInt(yesBps));
  for (const { yes, no, yesBps, pays } of redemptions)
    expect(redeemed({ yes: BigInt(yes), no: BigInt(no) }, bpsShare(BigInt(yesBps)))).toBe(BigInt(pays));
});

test("without an answer a set is worth its collateral, half a side", () => {
  const half = yesShareBps({ kind: "invalid" }, { min: 0n, max: 1n });
  expect([
    half,
    redeemed({ yes: 7n, no: 7n }, bpsShare(half)),
    redeemed({ yes: 7n, no: 0n }, bpsShare(half)),
  ]).toEqual([5_000n, 7n, 3n]);
});

test("of a choice the answer's yes is worth a unit; without an answer each has its part, to the fraction", () => {
  const choice = { aggregation: "plurality", min: -1n, max: 1n } as const;
  const unit = { numerator: 1n, denominator: 1n };
  expect(settledAs({ kind: "answered", value: 1n }, choice)).toEqual({ outcomes: 4n, share: unit });
  // As the contract: held at the bounds.
  expect(settledAs({ kind: "answered", value: -9n }, choice)).toEqual({ outcomes: 1n, share: unit });
  const third = { numerator: 1n, denominator: 3n };
  expect(settledAs({ kind: "invalid" }, choice)).toEqual({ outcomes: 7n, share: third });
  expect(settledAs({ kind: "invalid" }, { ...choice, max: 0n })).toEqual({
    outcomes: 1n,
    share: bpsShare(5_000n),
  });
  expect(() => settledAs({ kind: "invalid" }, { ...choice, aggregation: "root" })).toThrow("no yes and no");
});

const anyOrder: fc.Arbitrary<OutcomeOrder> = fc.record({
  side: fc.constantFrom(...SIDES),
  price: fc.bigInt({ min: 1n, max: ONE - 1n }),
});
const anyAmount = fc.bigInt({ min: 10_000n, max: 1n << 100n });

test("nobody pays more than his price says or gets less, and what is made or ended is worth its collateral", () => {
  fc.assert(
    fc.property(anyOrder, anyOrder, anyAmount, (taker, maker, amount) => {
      const got = exchangeOf(taker, maker, amount);
      fc.pre(got.does !== "refuse");
      const beyond = [
        { ...taker, money: got.takers },
        { ...maker, money: got.makers },
      ].filter(({ side, price, money }) =>
        side.startsWith("buy") ? money * ONE > amount * price : money * ONE < amount * price,
      );
      expect(beyond).toEqual([]);
      // Of a trade one pays the other; a set costs both of them together what it is worth.
      expect(got.does === "trade" ? got.takers - got.makers : got.takers + got.makers - amount).toBe(0n);
    }),
    { numRuns: 1_000 },
  );
});

test("all holders of a question's sets together are paid no more than the sets' collateral", () => {
  const holders = fc.array(fc.bigInt({ min: 1n, max: 1n << 100n }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(holders, fc.bigInt({ min: 0n, max: 10_000n }), (held, yesBps) => {
      const all = held.reduce((sum, one) => sum + one, 0n);
      // Each holds his part of yes; of no, the next one's.
      const paid = held.map((yes, i) =>
        redeemed({ yes, no: at(held, (i + 1) % held.length) }, bpsShare(yesBps)),
      );
      const sum = paid.reduce((before, one) => before + one, 0n);
      expect(sum).toBeLessThanOrEqual(all);
      expect(all - sum).toBeLessThan(BigInt(held.length));
    }),
  );
});
