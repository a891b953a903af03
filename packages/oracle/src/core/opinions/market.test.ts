import type { Address, Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { BANDS, HIDDEN, positionsOf, type StakedLog } from "./market.ts";

const owner = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;
const OPINION: Hex = `0x${"ab".repeat(32)}`;
const staked = (index: number, band: number, amount = 10n): StakedLog => ({
  owner: owner(index),
  band,
  amount,
  opinion: OPINION,
});
const totals = (...bands: [number, bigint, bigint][]) =>
  Array.from({ length: BANDS }, (_, band) => {
    const [, amount = 0n, count = 0n] = bands.find(([at]) => at === band) ?? [];
    return { staked: amount, count };
  });

test("positions are those that the contract holds, by owner", () => {
  const found = positionsOf([staked(2, 0), staked(1, 20, 5n)], [], totals([0, 10n, 1n], [20, 5n, 1n]));
  expect(found).toEqual([
    { owner: owner(1), band: 20, staked: 5n, opinion: OPINION },
    { owner: owner(2), band: 0, staked: 10n, opinion: OPINION },
  ]);
  expect(positionsOf([], [], totals())).toEqual([]);
});

test("a stance that was told counts where it was told, one that was not does not count", () => {
  const logs = [staked(1, HIDDEN), staked(2, HIDDEN), staked(3, 4)];
  const found = positionsOf(logs, [{ owner: owner(1), band: 7 }], totals([7, 10n, 1n], [4, 10n, 1n]));
  expect(found?.map(({ owner: who, band }) => [who, band])).toEqual([
    [owner(1), 7],
    [owner(3), 4],
  ]);
});

test.each<[string, StakedLog[]]>([
  ["a log is left out", [staked(1, 0)]],
  ["one is made up", [staked(1, 0), staked(2, 0), staked(3, 1)]],
  ["one comes twice", [staked(1, 0), staked(2, 0), staked(2, 0)]],
  ["an amount is another", [staked(1, 0), staked(2, 0, 11n)]],
  ["a band is another", [staked(1, 0), staked(2, 1)]],
  ["a band is none", [staked(1, 0), staked(2, 0), staked(3, 25)]],
])("where %s they do not add up", (_, logs) => {
  expect(positionsOf([staked(1, 0), staked(2, 0)], [], totals([0, 20n, 2n]))).toHaveLength(2);
  expect(positionsOf(logs, [], totals([0, 20n, 2n]))).toBe(null);
});
