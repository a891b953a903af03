import type { Amount, Bps } from "@sooth/kernel";
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MAX_POOL } from "../terms.ts";
import {
  feeOf,
  payOut,
  payouts,
  paysBps,
  poolsOf,
  resultFor,
  sharesBps,
  type Stake,
  sum,
  whatIf,
} from "./parimutuel.ts";

const amounts = (...values: bigint[]) => values as Amount[];
const bps = (value: number) => value as Bps;
const stake = (outcome: number, staked: bigint): Stake => ({ outcome, staked: staked as Amount });

const anyMarket = fc.integer({ min: 2, max: 48 }).chain((outcomes) =>
  fc.record({
    outcomes: fc.constant(outcomes),
    winner: fc.integer({ min: 0, max: outcomes - 1 }),
    feeBps: fc.integer({ min: 0, max: 1000 }).map(bps),
    positions: fc.array(
      fc.record({
        outcome: fc.integer({ min: 0, max: outcomes - 1 }),
        // Up to what the contract lets into a pool when forty people share it.
        staked: fc.bigInt({ min: 1n, max: MAX_POOL / 40n }).map((value) => value as Amount),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  }),
);

describe("a won market", () => {
  test("pays the stake and its share of what the others lost after the fee", () => {
    const pools = amounts(600n, 400n);
    expect(payOut(stake(0, 150n), pools, resultFor(pools, 0), bps(0))).toBe(250n);
    // fee = floor(400 * 250 / 10000) = 10, share = floor(390 * 150 / 600) = 97
    expect(payOut(stake(0, 150n), pools, resultFor(pools, 0), bps(250))).toBe(247n);
    expect(feeOf(pools, resultFor(pools, 0), bps(250))).toBe(10n);
    expect(payOut(stake(1, 400n), pools, resultFor(pools, 0), bps(250))).toBe(0n);
  });

  test("pays never more than the pool, and is short of it by less than one unit a claim", () => {
    fc.assert(
      fc.property(anyMarket, ({ positions, outcomes, winner, feeBps }) => {
        const pools = poolsOf(positions, outcomes);
        const result = resultFor(pools, winner);
        fc.pre(result.kind === "won");
        const { paid, fee } = payouts(positions, outcomes, result, feeBps);
        const dust = sum(pools) - sum(paid) - fee;
        expect(dust).toBeGreaterThanOrEqual(0n);
        expect(dust).toBeLessThan(BigInt(positions.filter(({ outcome }) => outcome === winner).length));
      }),
      { numRuns: 1000 },
    );
  });

  test("never gives a winner less than he staked, nor a loser anything", () => {
    fc.assert(
      fc.property(anyMarket, ({ positions, outcomes, winner, feeBps }) => {
        const result = resultFor(poolsOf(positions, outcomes), winner);
        fc.pre(result.kind === "won");
        const { paid } = payouts(positions, outcomes, result, feeBps);
        const wronged = positions.filter(({ outcome, staked }, index) => {
          const got = paid[index] ?? -1n;
          return outcome === winner ? got < staked : got !== 0n;
        });
        expect(wronged).toEqual([]);
      }),
    );
  });

  test("splitting a stake never gains", () => {
    fc.assert(
      fc.property(anyMarket, fc.bigInt({ min: 2n, max: MAX_POOL / 80n }), (market, whole) => {
        const parts = [stake(market.winner, whole / 2n), stake(market.winner, whole - whole / 2n)];
        const pools = poolsOf([...market.positions, ...parts], market.outcomes);
        const result = resultFor(pools, market.winner);
        const paid = parts.map((part) => payOut(part, pools, result, market.feeBps));
        expect(sum(paid)).toBeLessThanOrEqual(
          payOut(stake(market.winner, whole), pools, result, market.feeBps),
        );
      }),
    );
  });
});

describe("a void market", () => {
  test("returns every stake whole and takes no fee", () => {
    fc.assert(
      fc.property(anyMarket, ({ positions, outcomes, feeBps }) => {
        const { paid, fee } = payouts(positions, outcomes, { kind: "void" }, feeBps);
        expect(paid).toEqual(positions.map(({ staked }) => staked));
        expect(fee).toBe(0n);
      }),
    );
  });

  test("is what an answer makes that nobody bet on", () => {
    expect(resultFor(amounts(5n, 0n), 1)).toEqual({ kind: "void" });
    expect(resultFor(amounts(5n, 1n), 1)).toEqual({ kind: "won", winner: 1 });
  });
});

test("a stake alone on its side gets exactly itself back when nobody bet against it", () => {
  const pools = amounts(7n, 0n);
  expect(payOut(stake(0, 7n), pools, resultFor(pools, 0), bps(1000))).toBe(7n);
});

test("what-if counts the new stake itself", () => {
  // 300 on 0 after the stake: 100 + floor(400 * 100 / 300)
  expect(whatIf(amounts(200n, 400n), stake(0, 100n), bps(0))).toBe(233n);
  fc.assert(
    fc.property(anyMarket, ({ positions, outcomes, winner, feeBps }) => {
      const pools = poolsOf(positions, outcomes);
      const further = stake(winner, 1_000_000n);
      const after = poolsOf([...positions, further], outcomes);
      expect(whatIf(pools, further, feeBps)).toBe(payOut(further, after, resultFor(after, winner), feeBps));
    }),
  );
});

test("shares and prices are basis points, and none while there is nothing to divide", () => {
  expect(sharesBps(amounts(1n, 2n))).toEqual([3333, 6666]);
  expect(sharesBps(amounts(0n, 0n))).toEqual([0, 0]);
  expect(paysBps(amounts(100n, 300n), 0, bps(0))).toBe(40_000);
  expect(paysBps(amounts(100n, 300n), 0, bps(1000))).toBe(37_000);
  expect(paysBps(amounts(0n, 300n), 0, bps(0))).toBeNull();
});

test("an outcome that is not there is an error, not a zero", () => {
  expect(() => poolsOf([stake(2, 1n)], 2)).toThrow("element 2 of 2 is missing");
  expect(() => resultFor(amounts(1n, 1n), 5)).toThrow("element 5 of 2 is missing");
});

type Case = {
  pools: string[];
  winner: number;
  outcome: number;
  stake: string;
  feeBps: number;
  void: boolean;
  pays: string;
  fee: string;
};
const vectors = new URL("../../../../../vectors/rules/parimutuel.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(vectors, "utf8")) as { cases: Case[] };

test("there are cases that bind the contract and this rule", () => expect(cases.length).toBeGreaterThan(10));
test.each(cases.map((one, index) => [index, one] as const))("vector %i", (_, one) => {
  const pools = one.pools.map(BigInt) as Amount[];
  const result = one.void ? ({ kind: "void" } as const) : resultFor(pools, one.winner);
  expect(payOut(stake(one.outcome, BigInt(one.stake)), pools, result, bps(one.feeBps))).toBe(
    BigInt(one.pays),
  );
  expect(feeOf(pools, result, bps(one.feeBps))).toBe(BigInt(one.fee));
});
