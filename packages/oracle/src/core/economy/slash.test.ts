import type { Amount } from "@sooth/kernel";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vectors } from "../../../test/vectors.ts";
import {
  allowedSlash,
  collusionPpm,
  FAULT_PPM,
  outsidePpm,
  overturnedPpm,
  seriesOf,
  slashOf,
  splitSlash,
  tooEarlyOf,
} from "./slash.ts";

const amount = (text: string | bigint) => BigInt(text) as Amount;
const anyAmount = fc.bigInt({ min: 0n, max: (1n << 96n) - 1n }).map(amount);

const file = vectors<{
  overturned: { wrong: string; stake: string; earlier: number; ppm: number }[];
  outside: { distance: string; tolerance: string; lastAt: number; at: number; ppm: number }[];
  series: { earlier: number; lastAt: number; at: number; series: number }[];
  collusion: { verdict: number; ppm: number }[];
  amounts: Record<string, string | number | boolean>[];
  tooEarly: { deposit: string; stake: string; stakes: string; pays: string }[];
}>("economy/slash");

describe("vectors", () => {
  test.each(file.overturned)("overturned, $wrong of $stake wrong, $earlier before", (each) => {
    expect(overturnedPpm(BigInt(each.wrong), BigInt(each.stake), each.earlier)).toBe(each.ppm);
  });
  test.each(file.outside)("$distance off with a tolerance of $tolerance", (each) => {
    expect(outsidePpm(BigInt(each.distance), BigInt(each.tolerance), each.lastAt, each.at)).toBe(each.ppm);
  });
  test.each(file.series)("series of $earlier, $lastAt, $at", ({ earlier, lastAt, at, series }) => {
    expect(seriesOf(earlier, lastAt, at)).toBe(series);
  });
  test.each(file.collusion)("collusion of $verdict", ({ verdict, ppm }) => {
    expect(collusionPpm(verdict)).toBe(ppm);
  });
  test.each(file.amounts)("$ppm of $stake, taken $taken, by court $byCourt", (each) => {
    const [stake, atStart, taken] = [each.stake, each.atStart, each.taken].map((one) => amount(String(one)));
    const held = { stake: stake ?? amount(0n), atStart: atStart ?? amount(0n), taken: taken ?? amount(0n) };
    const wanted = slashOf(held.stake, Number(each.ppm));
    const slashed = allowedSlash(wanted, held, each.byCourt === true);
    expect([wanted, slashed]).toEqual([amount(String(each.wanted)), amount(String(each.slashed))]);
    expect(Object.values(splitSlash(slashed)).map(String)).toEqual([
      each.insurance,
      each.challenger,
      each.burned,
    ]);
  });
  test.each(file.tooEarly)("too early with $stake of $stakes, deposit $deposit", (each) => {
    expect(tooEarlyOf(amount(each.deposit), amount(each.stake), amount(each.stakes))).toBe(amount(each.pays));
  });
});

test("the schedule", () => {
  expect(FAULT_PPM).toEqual({
    noReveal: 10_000,
    jurorMissing: 5_000,
    jurorIncoherent: 10_000,
    voteLeaked: 100_000,
    positionUndeclared: 500_000,
    equivocation: 1_000_000,
  });
  // 2 % alone, 20 % when all were wrong, 40 % and so on when it happens again.
  expect(overturnedPpm(1n, 10n ** 12n, 0)).toBe(20_000);
  expect([0, 1, 2, 3].map((earlier) => overturnedPpm(7n, 7n, earlier))).toEqual([
    200_000, 400_000, 800_000, 1_000_000,
  ]);
});

describe("no slash", () => {
  test("takes more than there is, nor more than 30 % an epoch without a court", () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, anyAmount, anyAmount, fc.boolean(), (...drawn) => {
        const [wanted, stake, atStart, taken, byCourt] = drawn;
        const slashed = allowedSlash(wanted, { stake, atStart, taken }, byCourt);
        expect(slashed).toBeLessThanOrEqual(stake);
        expect(slashed).toBeLessThanOrEqual(wanted);
        const isWithin = (slashed + taken) * 1_000_000n <= atStart * 300_000n;
        expect(byCourt || slashed === 0n || isWithin).toBe(true);
      }),
    );
  });

  test("is lost or made by its split", () => {
    fc.assert(
      fc.property(anyAmount, (whole) => {
        const { insurance, challenger, burned } = splitSlash(whole);
        expect(insurance + challenger + burned).toBe(whole);
        expect(burned * 5n).toBeGreaterThanOrEqual(whole);
      }),
    );
  });

  test("takes more than a tenth of the deposit from all who were early together", () => {
    fc.assert(
      fc.property(anyAmount, fc.array(anyAmount, { minLength: 1, maxLength: 32 }), (deposit, stakes) => {
        const all = amount(stakes.reduce<bigint>((sum, stake) => sum + stake, 0n));
        const paid = stakes.reduce<bigint>((sum, stake) => sum + tooEarlyOf(deposit, stake, all), 0n);
        expect(paid).toBeLessThanOrEqual(deposit / 10n);
      }),
    );
  });
});

test("an error that more stake shares never costs less", () => {
  fc.assert(
    fc.property(anyAmount, anyAmount, anyAmount, fc.nat(9), (wrong, more, stake, earlier) => {
      expect(overturnedPpm(wrong + more, stake, earlier)).toBeGreaterThanOrEqual(
        overturnedPpm(wrong, stake, earlier),
      );
      expect(overturnedPpm(wrong, stake, earlier + 1)).toBeGreaterThanOrEqual(
        overturnedPpm(wrong, stake, earlier),
      );
    }),
  );
});
