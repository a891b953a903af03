import { expect, test } from "vitest";
import { returnsOf } from "./returns.ts";

const paid = (...amounts: number[]) => amounts.map(BigInt);

test("best, worst and where it is even, each with every score at which it holds", () => {
  expect(returnsOf(paid(0, 0, 4, 5, 9, 9, 3, 0), 5n)).toEqual({
    best: { paid: 9n, at: [{ from: 4, to: 5 }] },
    worst: {
      paid: 0n,
      at: [
        { from: 0, to: 1 },
        { from: 7, to: 7 },
      ],
    },
    even: [{ from: 3, to: 5 }],
  });
});

test("even in two places, where what is between them pays less", () => {
  expect(returnsOf(paid(5, 4, 5), 5n).even).toEqual([
    { from: 0, to: 0 },
    { from: 2, to: 2 },
  ]);
});

test("a stake that never comes back whole is even nowhere, and one alone is paid the same everywhere", () => {
  expect(returnsOf(paid(3, 4, 3), 5n).even).toEqual([]);
  const whole = [{ from: 0, to: 2 }];
  expect(returnsOf(paid(4, 4, 4), 5n)).toEqual({
    best: { paid: 4n, at: whole },
    worst: { paid: 4n, at: whole },
    even: [],
  });
});
