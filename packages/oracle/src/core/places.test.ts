import type { Address } from "@sooth/kernel";
import { expect, test } from "vitest";
import { placeFor, type Placed } from "./places.ts";

const placed = (name: string, stake: bigint): Placed => ({ owner: `0x${name.repeat(20)}` as Address, stake });
const held = [placed("a1", 30n), placed("b2", 10n), placed("c3", 10n)];
const refusal = (mine: Placed, places = 3) => {
  try {
    placeFor(mine, held, places);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test("a free place is nobody's", () => {
  expect(placeFor(placed("d4", 1n), held, 4)).toBeNull();
});

test("of all that are taken, the smallest stake's goes to a larger one", () => {
  expect(placeFor(placed("d4", 11n), held, 3)).toBe(held[1]?.owner);
  expect(refusal(placed("d4", 10n))).toBe("stake_manager.full");
});

test("who has a place takes no second one", () => {
  expect(refusal(placed("A1", 99n))).toBe("stake_manager.unchanged");
  expect(refusal(placed("a1", 99n), 9)).toBe("stake_manager.unchanged");
});
