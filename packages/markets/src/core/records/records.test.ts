import type { Amount } from "@sooth/kernel";
import { expect, test } from "vitest";
import { opinionBrier, poolBrier } from "./brier.ts";
import { type PastOpinion, type PastPool, walletRecord } from "./wallet-record.ts";

const on = (...staked: number[]) =>
  staked.map((amount, outcome) => ({ outcome, staked: BigInt(amount) as Amount }));
const amounts = (...values: number[]) => values.map((value) => BigInt(value) as Amount);

test.each([
  ["all on the winner", on(0, 7), 1, 0],
  ["all on a loser", on(7, 0), 1, 1_000_000],
  ["half and half", on(5, 5), 1, 250_000],
  ["three in four on the winner", on(1, 3), 1, 62_500],
  ["spread over three, the winner among them", on(1, 1, 1), 2, 333_333],
  ["all on one of three losers, and four outcomes", on(0, 0, 9, 0), 0, 1_000_000],
  ["half on each of two losers", on(1, 1, 0), 2, 750_000],
])("a pool's Brier: %s", (_, stakes, winner, expected) => {
  expect(poolBrier(stakes, winner)).toBe(expected);
});

test("it knows no size of stakes, and without a stake nothing is said", () => {
  const huge = [
    { outcome: 0, staked: (10n ** 30n) as Amount },
    { outcome: 1, staked: (3n * 10n ** 30n) as Amount },
  ];
  expect(poolBrier(huge, 1)).toBe(62_500);
  expect(poolBrier(on(0, 0), 1)).toBeNull();
  expect(poolBrier([], 1)).toBeNull();
});

test.each([
  [70, 70, 0],
  [0, 100, 1_000_000],
  [100, 0, 1_000_000],
  [50, 0, 250_000],
  [85, 72, 16_900],
])("an opinion's Brier: stance %i, score %i", (stance, score, expected) => {
  expect(opinionBrier(stance, score)).toBe(expected);
});

const pool = (o: Partial<PastPool> = {}): PastPool => ({
  at: 10,
  pools: amounts(300, 100),
  winner: 1,
  stakes: [{ outcome: 1, staked: 50n as Amount }],
  cameTo: 200n as Amount,
  ...o,
});
const opinion = (o: Partial<PastOpinion> = {}): PastOpinion => ({
  at: 20,
  stance: 70,
  score: 60,
  staked: 100n as Amount,
  cameTo: 90n as Amount,
  ...o,
});

test("a record counts markets, forecasts, money, and means that each market shares in alike", () => {
  const found = walletRecord([pool()], [opinion(), opinion({ stance: null, cameTo: 0n as Amount })], 100);
  expect(found).toMatchObject({ markets: 3, forecasts: 2, staked: 250n, profit: 150n - 10n - 100n });
  expect(found.brier).toBe(5_000);
  // 40 by 250, and one of three came to more than it took.
  expect([found.won, found.returnBps]).toEqual([1, 1_600]);
  expect(walletRecord([], [opinion()], 100)).toMatchObject({ won: 0, returnBps: -1_000 });
  expect(walletRecord([], [], 100)).toEqual({
    markets: 0,
    forecasts: 0,
    won: 0,
    staked: 0n,
    profit: 0n,
    returnBps: null,
    brier: null,
    calibration: { pools: [], opinions: [] },
    history: [],
  });
  expect(walletRecord([], [opinion({ stance: null })], 100).brier).toBeNull();
});

test("calibration holds what was said against what came, a tenth at a time, the ends inclusive", () => {
  const lost = pool({ winner: 0 });
  const { calibration } = walletRecord(
    [pool(), lost, lost, pool({ pools: amounts(0, 100) })],
    [
      opinion({ stance: 100, score: 91 }),
      opinion({ stance: 95, score: 80 }),
      opinion({ stance: 0, score: 3 }),
    ],
    100,
  );
  expect(calibration.pools).toEqual([
    { from: 2_000, count: 3, said: 2_500, came: 3_333 },
    { from: 9_000, count: 1, said: 10_000, came: 10_000 },
  ]);
  expect(calibration.opinions).toEqual([
    { from: 0, count: 1, said: 0, came: 300 },
    { from: 9_000, count: 2, said: 9_750, came: 8_550 },
  ]);
});

test("profit over time: a point a moment, in their order, thinned to the last", () => {
  const ends = [opinion({ at: 30 }), opinion({ at: 10, cameTo: 150n as Amount }), opinion({ at: 30 })];
  expect(walletRecord([pool()], ends, 100).history).toEqual([
    { at: 10, profit: 200n },
    { at: 30, profit: 180n },
  ]);
  const many = Array.from({ length: 250 }, (_, index) => opinion({ at: index + 1 }));
  const { history } = walletRecord([], many, 100);
  expect(history.length).toBeLessThanOrEqual(100);
  expect(history.at(-1)).toEqual({ at: 250, profit: -2_500n });
});
