import { expect, test } from "vitest";
import { previewStake } from "./preview.ts";

const market = (pools: bigint[], feeBps = 200) => ({
  outcomes: pools.map((pool, index) => ({
    index,
    label: `${index}`,
    pool: String(pool),
    shareBps: 0,
    paysBps: null,
  })),
  terms: { question: "0x", creator: "0x", closesAt: 0, feeBps, outcomes: pools.length, cuts: [] },
});

test("a stake moves the pool that it is paid from", () => {
  // 600 + 150 on the winner, 400 lost, 2 % of it is the fee: 150 + floor(392 * 150 / 750) = 228.4
  const outlook = previewStake(market([600_000_000n, 400_000_000n]), 0, 150_000_000n);
  expect(outlook.pays).toBe(228_400_000n);
  expect(outlook.fee).toBe(8_000_000n);
  expect([outlook.shareBefore, outlook.shareAfter]).toEqual([6_000, 6_521]);
});

test("rounds down to the unit, as the contract does", () => {
  // L = 100, fee floor(2) = 2, net 98; 98 * 7 / 307 = 2.23…
  expect(previewStake(market([300n, 100n]), 0, 7n).pays).toBe(9n);
});

test("alone in the market there is nothing to win and no fee", () => {
  const outlook = previewStake(market([0n, 0n]), 1, 25n);
  expect(outlook).toMatchObject({
    pays: 25n,
    fee: 0n,
    othersEmpty: true,
    shareBefore: 0,
    shareAfter: 10_000,
  });
});

test("knows when only the other side is staked", () => {
  expect(previewStake(market([50n, 0n], 0), 1, 50n)).toMatchObject({ pays: 100n, othersEmpty: false });
});

test("holds amounts that outgrow a double", () => {
  const huge = 2n ** 71n;
  expect(previewStake(market([huge, huge], 0), 0, 1n).pays).toBe(1n);
});
