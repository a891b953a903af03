import { expect, test } from "vitest";
import { RangeSize } from "./range-size.ts";

test("grows while ranges are empty, up to the largest", () => {
  const size = new RangeSize();
  for (let range = 0; range < 20; range++) size.read(size.blocks, 0);
  expect(size.blocks).toBe(5_000);
});
test("asks for as many blocks as hold the logs that fit", () => {
  const size = new RangeSize();
  size.read(64, 64 * 250);
  expect(size.blocks).toBe(32);
  size.read(1, 50_000);
  expect(size.blocks).toBe(1);
});
test("halves when refused, stays below what was refused, and forgives later", () => {
  const size = new RangeSize();
  expect(size.refused(64)).toBe(true);
  expect(size.blocks).toBe(32);
  for (let range = 0; range < 50; range++) size.read(size.blocks, 0);
  expect(size.blocks).toBe(63);
  for (let range = 0; range < 60; range++) size.read(size.blocks, 0);
  expect(size.blocks).toBeGreaterThan(63);
});
test("a single block that is refused is an error", () => {
  expect(new RangeSize().refused(1)).toBe(false);
});
