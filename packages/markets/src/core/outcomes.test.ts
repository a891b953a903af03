import { at, type Hex } from "@sooth/kernel";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tokenIdOf } from "./orders/order.ts";
import { owedOn, shareOfOutcome } from "./outcome-sets.ts";
import {
  bpsShare,
  exchangeOf,
  nettingOf,
  ONE,
  type OutcomeOrder,
  outcomesOf,
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

type ChoiceVectors = {
  counts: { aggregation: "plurality" | "median" | "root"; min: string; max: string; count: number }[];
  ids: { question: Hex; outcome: number; yes: string; no: string }[];
  lives: (Record<"yes" | "no" | "othersYes" | "othersNo", string[]> & {
    count: number;
    min: string;
    max: string;
    steps: Record<"does" | "outcomes" | "amounts" | "paid", string[]> & { sides: number[] };
    held: string;
    ends: Record<"answers" | "outcomes" | "pays" | "others" | "left", string[]> & { denominators: number[] };
  })[];
};
const choices = JSON.parse(
  readFileSync(new URL("../../../../vectors/choices.json", import.meta.url), "utf8"),
) as ChoiceVectors;

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

test("bounds say how many outcomes there are, and tokens have the ids, that the shared cases say", () => {
  expect(new Set(choices.counts.map(({ count }) => count))).toEqual(new Set([0, 1, 3, 5, 32]));
  for (const { aggregation, min, max, count } of choices.counts)
    expect([min, max, outcomesOf({ aggregation, min: BigInt(min), max: BigInt(max) })]).toEqual([
      min,
      max,
      count,
    ]);
  expect(new Set(choices.ids.map(({ outcome }) => outcome)).size).toBe(32);
  for (const { question, outcome, yes, no } of choices.ids)
    expect([tokenIdOf(question, outcome, "yes"), tokenIdOf(question, outcome, "no")]).toEqual([
      BigInt(yes),
      BigInt(no),
    ]);
});

type Hand = Record<"yes" | "no", bigint[]>;
const emptyHand = (count: number): Hand => ({ yes: Array(count).fill(0n), no: Array(count).fill(0n) });

/** What both holders have after the steps of a life, and the collateral that is there. */
function playedOut({ count, steps }: ChoiceVectors["lives"][number]) {
  const [mine, others] = [emptyHand(count), emptyHand(count)];
  let held = 0n;
  for (const [index, does] of steps.does.entries()) {
    const [outcomes, amount] = [BigInt(at(steps.outcomes, index)), BigInt(at(steps.amounts, index))];
    const named = [...mine.yes.keys()].filter((outcome) => (outcomes >> BigInt(outcome)) & 1n);
    const side = at(steps.sides, index) === 0 ? "yes" : "no";
    const add = (hand: Hand, to: "yes" | "no", outcome: number, by: bigint) =>
      void (hand[to][outcome] = at(hand[to], outcome) + by);
    let paid = 0n;
    if (does === "split") {
      for (const to of ["yes", "no"] as const) add(mine, to, at(named, 0), amount);
      paid = -amount;
    } else if (does === "give") {
      add(mine, side, at(named, 0), -amount);
      add(others, side, at(named, 0), amount);
    } else {
      const call = does === "splitAll" || does === "mergeAll" ? does : { convert: named };
      const netted = nettingOf(call, count, amount);
      for (const to of ["yes", "no"] as const)
        netted[to].forEach((by, outcome) => add(mine, to, outcome, by));
      paid = netted.paid;
    }
    expect([index, paid]).toEqual([index, BigInt(at(steps.paid, index))]);
    held -= paid;
  }
  return { mine, others, held };
}

test("tokens of a choice become others, and every end pays, what the shared cases say", () => {
  expect(choices.lives).toHaveLength(17);
  expect(new Set(choices.lives.flatMap(({ steps }) => steps.does)).size).toBe(5);
  for (const life of choices.lives) {
    const { count, ends } = life;
    const { mine, others, held } = playedOut(life);
    expect(held).toBe(BigInt(life.held));
    expect([mine.yes, mine.no, others.yes, others.no].map((each) => each.map(String))).toEqual([
      life.yes,
      life.no,
      life.othersYes,
      life.othersNo,
    ]);
    // Until it is settled all that is there is owed, whatever the answer.
    const sets = mine.yes.map((yes, outcome) => ({
      yes: yes + at(others.yes, outcome),
      no: at(mine.no, outcome) + at(others.no, outcome),
    }));
    const money = { putIn: held, paidOut: 0n, told: null };
    expect(owedOn({ sets, count, result: null, ...money })).toBe(held);
    for (const [index, answer] of ends.answers.entries()) {
      const bounds = { aggregation: "plurality", min: BigInt(life.min), max: BigInt(life.max) } as const;
      const result = settledAs(
        answer === "" ? { kind: "invalid" } : { kind: "answered", value: BigInt(answer) },
        bounds,
      );
      expect(result).toEqual({
        outcomes: BigInt(at(ends.outcomes, index)),
        share: { numerator: 1n, denominator: BigInt(at(ends.denominators, index)) },
      });
      const paidTo = (hand: Hand) =>
        hand.yes.reduce(
          (sum, yes, outcome) =>
            sum + redeemed({ yes, no: at(hand.no, outcome) }, shareOfOutcome(result, outcome)),
          0n,
        );
      const [pays, theirs] = [paidTo(mine), paidTo(others)];
      expect([pays, theirs, held - pays - theirs]).toEqual([
        BigInt(at(ends.pays, index)),
        BigInt(at(ends.others, index)),
        BigInt(at(ends.left, index)),
      ]);
      // Gathered with one holder they are owed no less than with two, and no more than there is.
      const owed = owedOn({ sets, count, result, ...money });
      expect(owed >= pays + theirs && owed <= held).toBe(true);
    }
  }
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
