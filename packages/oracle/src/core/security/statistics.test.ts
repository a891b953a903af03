import { expect, test } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { connected } from "./connected.ts";
import { logFactorial, normalTail, poissonTail } from "./tails.ts";

test.each([
  [0, 0.5],
  [1, 0.158655253931457],
  [1.96, 0.0249978951482204],
  [4, 3.16712418331199e-5],
  [-4, 0.999968328758167],
  [6, 9.86587645037698e-10],
])("normal tail of %f", (z, p) => {
  expect(Math.abs(normalTail(z) / p - 1)).toBeLessThan(1e-9);
});

test.each([
  // 1 - e^-1; 1 - e^-2 (1 + 2 + 2); one minus the first ten terms of mean 3.
  [1, 1, 1 - Math.exp(-1)],
  [3, 2, 1 - 5 * Math.exp(-2)],
  [10, 3, 0.00110248812],
  [0, 5, 1],
  [2, 0, 0],
])("Poisson tail: %i or more at mean %f", (count, mean, p) => {
  expect(poissonTail(count, mean)).toBeCloseTo(p, 9);
});

test("Poisson tails add up from both sides, far out too", () => {
  for (const mean of [0.3, 7, 250, 4_000])
    for (const count of [1, Math.floor(mean), Math.ceil(mean) + 1, Math.ceil(mean * 1.5) + 3]) {
      const term = Math.exp(count * Math.log(mean) - mean - logFactorial(count));
      const difference = poissonTail(count, mean) - poissonTail(count + 1, mean);
      expect(Math.abs(difference - term)).toBeLessThan(1e-9);
    }
});

test("Benjamini and Hochberg's own example: four of fifteen count at 5 %", () => {
  // The p-values of their paper, section 3.2.
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ];
  expect(benjaminiHochberg(p, 0.05)).toBe(0.0095);
  expect(benjaminiHochberg([0.5, 0.9], 0.05)).toBeNull();
});

test("links make groups, and one link apart is another group", () => {
  expect(
    connected([
      [5, 3],
      [1, 2],
      [3, 9],
      [2, 1],
    ]),
  ).toEqual([
    [1, 2],
    [3, 5, 9],
  ]);
});
