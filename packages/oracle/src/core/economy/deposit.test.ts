import type { Amount } from "@sooth/kernel";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vectors } from "../../../test/vectors.ts";
import {
  baseWindow,
  depositUnits,
  disputeWindow,
  leastLiveness,
  mostSecured,
  splitLost,
  type WindowFacts,
} from "./deposit.ts";

const amount = (text: string | bigint) => BigInt(text) as Amount;
const DOLLAR = 1_000_000n;
const LIMITS = { least: 250, most: 50_000 };

type Deposit = { secured: string; unit: string; round: number; least: number; most: number; units: number };
const file = vectors<{
  deposits: Deposit[];
  lost: { deposit: string; winner: string; jurors: string; insurance: string }[];
  windows: { secured: string; unit: string; lowest: number; base: number; least: number }[];
  answered: (WindowFacts & { liveness: number; window: number })[];
  secured: { stake: string; most: string }[];
}>("economy/deposit");

describe("vectors", () => {
  test.each(file.deposits)("deposit for $secured in round $round", (each) => {
    expect(depositUnits(amount(each.secured), BigInt(each.unit), each.round, each)).toBe(each.units);
  });
  test.each(file.lost)("a lost deposit of $deposit", ({ deposit, ...parts }) => {
    expect(splitLost(amount(deposit))).toEqual({
      winner: amount(parts.winner),
      jurors: amount(parts.jurors),
      insurance: amount(parts.insurance),
    });
  });
  test.each(file.windows)("window for $secured, $lowest at least", (each) => {
    const base = baseWindow(amount(each.secured), BigInt(each.unit), each.lowest);
    expect([base, leastLiveness(base)]).toEqual([each.base, each.least]);
  });
  test.each(file.answered)("$liveness of $base, $agreementBps by $signers, surge $surge", (each) => {
    expect(disputeWindow(each.liveness, each)).toBe(each.window);
  });
  test.each(file.secured)("$stake signed may secure $most", ({ stake, most }) => {
    expect(mostSecured(amount(stake))).toBe(amount(most));
  });
});

const unitsFor = (dollars: bigint, round: number) =>
  depositUnits(amount(dollars * DOLLAR), DOLLAR, round, LIMITS);

test("a deposit is half a percent between its limits, doubled each round until its field is full", () => {
  expect([0n, 100_000n, 1_000_000n, 100_000_000n].map((dollars) => unitsFor(dollars, 0))).toEqual([
    250, 500, 5_000, 50_000,
  ]);
  expect([0, 1, 2, 3, 4, 20, 300].map((round) => unitsFor(1_000_000n, round))).toEqual([
    5_000, 10_000, 20_000, 40_000, 65_535, 65_535, 65_535,
  ]);
});

test("a deposit never falls with the value or the round, and covers half a percent up to its limit", () => {
  const anyValue = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n }).map(amount);
  fc.assert(
    fc.property(anyValue, anyValue, fc.nat(20), (value, more, round) => {
      const units = depositUnits(value, DOLLAR, round, LIMITS);
      expect(depositUnits(amount(value + more), DOLLAR, round, LIMITS)).toBeGreaterThanOrEqual(units);
      expect(depositUnits(value, DOLLAR, round + 1, LIMITS)).toBeGreaterThanOrEqual(units);
      expect(units >= 50_000 || BigInt(units) * DOLLAR * 200n >= value).toBe(true);
    }),
  );
});

test("no window is shorter than what the asker said, nor longer than twice the base or that", () => {
  const facts = fc.record({
    base: fc.integer({ min: 1, max: 200_000 }),
    agreementBps: fc.integer({ min: 0, max: 10_000 }),
    signers: fc.nat(32),
    surge: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.nat(200_000), facts, (liveness, drawn) => {
      const seconds = disputeWindow(liveness, drawn);
      expect(seconds).toBeGreaterThanOrEqual(liveness);
      expect(seconds).toBeLessThanOrEqual(2 * Math.max(liveness, drawn.base));
      expect(seconds >= drawn.base || (drawn.agreementBps >= 9_500 && drawn.signers >= 7)).toBe(true);
      expect(disputeWindow(liveness, { ...drawn, surge: true })).toBeGreaterThanOrEqual(seconds);
    }),
  );
});

test("what loses a dispute goes somewhere whole", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 96n }).map(amount), (deposit) => {
      const { winner, jurors, insurance } = splitLost(deposit);
      expect(winner + jurors + insurance).toBe(deposit);
    }),
  );
});
