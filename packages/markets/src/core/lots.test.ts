import type { Amount } from "@sooth/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lotProceeds } from "./lots.ts";

const parts = (paid: bigint, amounts: readonly bigint[]) => {
  const staked = amounts.reduce((all, one) => all + one, 0n) as Amount;
  let before = 0n;
  return amounts.map((amount) => {
    const part = lotProceeds(paid as Amount, { before: before as Amount, amount: amount as Amount, staked });
    before += amount;
    return part;
  });
};

test.each([
  [300n, [100n, 50n], [200n, 100n]],
  [100n, [1n, 1n, 1n], [33n, 33n, 34n]],
  [0n, [5n, 7n], [0n, 0n]],
  [7n, [7n], [7n]],
])("a pay-out of %s over stakes of %s", (paid, amounts, expected) => {
  expect(parts(paid, amounts)).toEqual(expected);
});

test("the parts are the pay-out to the unit, and each is its share but for less than one", () => {
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), amounts, (paid, each) => {
      const found = parts(paid, each);
      const staked = each.reduce((all, one) => all + one, 0n);
      expect(found.reduce((all, one) => all + one, 0n)).toBe(paid);
      for (const [index, part] of found.entries()) {
        const off = part * staked - paid * (each[index] ?? 0n);
        expect(off > -staked && off < staked).toBe(true);
      }
    }),
  );
});

test("of nothing staked nothing is paid", () => {
  expect(
    lotProceeds(5n as Amount, { before: 0n as Amount, amount: 0n as Amount, staked: 0n as Amount }),
  ).toBe(0n);
});
