import { expect, test } from "vitest";
import { costOf, nanoDollars, pricePerToken, reserve, settle } from "./budget.ts";

test("prices are exact", () => {
  expect([pricePerToken("2"), pricePerToken("0.25"), nanoDollars("5")]).toEqual([
    2_000n,
    250n,
    5_000_000_000n,
  ]);
  expect(costOf({ input: 2_000n, output: 10_000n }, { input: 1_000_000, output: 500 })).toBe(2_005_000_000n);
});

test("a day holds its cap, what is given back can be spent, and the next day starts anew", () => {
  const first = reserve({ day: 1, spent: 0n }, 1, 60n, 100n);
  expect(first).toEqual({ day: 1, spent: 60n });
  expect(reserve({ day: 1, spent: 60n }, 1, 41n, 100n)).toBe(null);
  expect(reserve({ day: 1, spent: 60n }, 1, 40n, 100n)).toEqual({ day: 1, spent: 100n });
  expect(settle({ day: 1, spent: 100n }, 1, 40n, 5n)).toEqual({ day: 1, spent: 65n });
  expect(reserve({ day: 1, spent: 100n }, 2, 41n, 100n)).toEqual({ day: 2, spent: 41n });
});

test("more than was reserved counts in full, and yesterday's reservation frees nothing today", () => {
  expect(settle({ day: 1, spent: 40n }, 1, 40n, 90n)).toEqual({ day: 1, spent: 90n });
  expect(settle({ day: 2, spent: 40n }, 1, 40n, 0n)).toEqual({ day: 2, spent: 40n });
});
