import { expect, test } from "vitest";
import { appealDeposit, awardsOf, bountyOf, prospects, splitDeposits } from "./deposits.ts";

const disputer = { who: `0x${"d1".repeat(20)}`, amount: 400n, side: 2 } as const;
const backer = { who: `0x${"b1".repeat(20)}`, amount: 800n, side: 1 } as const;
const third = { who: `0x${"c3".repeat(20)}`, amount: 1_600n, side: 3 } as const;

test("where nobody lost, the jury's pay is missing from the winner's", () => {
  expect(splitDeposits([disputer], 2, 100n)).toEqual({ awards: [300n], signers: 0n, insurance: 0n });
});

test("a lone loser's half goes to who signed, the rest after the jury is insurance", () => {
  expect(splitDeposits([disputer], 1, 100n)).toEqual({ awards: [0n], signers: 200n, insurance: 100n });
});

test("winners share half of what was lost, by what they put down", () => {
  expect(splitDeposits([disputer, backer], 2, 300n)).toEqual({
    awards: [800n, 0n],
    signers: 0n,
    insurance: 100n,
  });
  expect(splitDeposits([disputer, backer], 1, 300n)).toEqual({
    awards: [0n, 900n],
    signers: 0n,
    insurance: 0n,
  });
  const replaced = { ...disputer, side: 0 };
  expect(splitDeposits([replaced, backer, third], 3, 700n).awards).toEqual([420n, 0n, 1_680n]);
  expect(splitDeposits([replaced, backer, third], 1, 700n).awards).toEqual([0n, 1_800n, 0n]);
});

test("without a verdict each gets back his part, and without a jury all of it", () => {
  expect(splitDeposits([disputer, backer], 0, 300n).awards).toEqual([300n, 600n]);
  expect(splitDeposits([disputer], 0, 0n)).toEqual({ awards: [400n], signers: 0n, insurance: 0n });
});

test("all that was put down is paid out, to the unit", () => {
  for (const outcome of [0, 1, 2, 3])
    for (const stakes of [[disputer], [disputer, backer], [disputer, backer, third]]) {
      const fees = stakes.reduce((sum, { amount }) => sum + amount / 4n, 0n);
      const { awards, signers, insurance } = splitDeposits(stakes, outcome, fees);
      const all = stakes.reduce((sum, { amount }) => sum + amount, 0n);
      expect(awards.reduce((sum, award) => sum + award, 0n) + signers + insurance + fees).toBe(all);
    }
});

test("awards are told by stake, in the order in which they were paid", () => {
  const stakes = [disputer, backer, { ...disputer, amount: 1_600n }];
  const paid = [
    { who: disputer.who, amount: 5n },
    { who: disputer.who, amount: 7n },
    { who: `0x${"99".repeat(20)}`, amount: 9n },
  ];
  expect(awardsOf(stakes, paid, null)).toEqual([null, null, null]);
  expect(awardsOf(stakes, paid, 2)).toEqual([5n, 0n, 7n]);
  expect(awardsOf(stakes, paid, 1)).toEqual([0n, 0n, 0n]);
});

test("what one may gain and lose, and how sure one must be", () => {
  expect(prospects([], disputer, { fees: 0n, bounty: 500n })).toEqual({
    deposit: 400n,
    whenRight: 300n,
    whenWrong: 0n,
    whenUndecided: 400n,
    earlier: 0n,
    bounty: 500n,
    breakEven: 5_000,
  });
  expect(prospects([], disputer, { fees: 0n, bounty: 99n }).breakEven).toBeNull();
  expect(prospects([disputer], backer, { fees: 100n, bounty: 0n })).toMatchObject({
    whenRight: 900n,
    whenUndecided: 733n,
    breakEven: 8_889,
  });
  const again = { ...disputer, amount: 800n };
  expect(prospects([disputer], again, { fees: 100n, bounty: 0n })).toMatchObject({
    whenRight: 600n,
    earlier: 300n,
    breakEven: 8_889,
  });
  expect([0, 1, 2, 3].map((stakes) => appealDeposit(250n, stakes))).toEqual([500n, 500n, 1_000n, 2_000n]);
});

test("a bounty is three tenths of what signers lose", () => {
  // Three of four were wrong: 2 % + 18 % * 3/4 = 15.5 %.
  expect(bountyOf([1_000_000n, 1_000_000n, 1_000_000n], 3n, 4n)).toBe(3n * 46_500n);
});
