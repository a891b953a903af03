import { expect, test } from "vitest";
import { defaultPolicy } from "./decide/policies.ts";
import { bundleTimes, type Timing } from "./times.ts";
import { type Leg, STANDALONE } from "./types.ts";

const [HUB, A, B] = [8453, 10, 137];
const marks = { safe: { least: 12, usual: 600 }, finalized: { least: 768, usual: 1_200 } };
const timing = (id: number): Timing => ({
  id,
  blockSeconds: 2,
  marks: id === B ? { ...marks, finalized: { least: 2, usual: 60 } } : marks,
});
const leg = (chainId: number, over: Partial<Leg> = {}): Leg =>
  ({ ...STANDALONE, chainId, kind: "escrow", value: 1n, data: "0x", ...over }) as Leg;
const timesOf = (mode: "ordered" | "escrowed", legs: readonly Leg[], value: bigint | null) =>
  bundleTimes({ mode, legs, value }, timing(HUB), timing, (id) => defaultPolicy({ id, isLocal: false }));

test("what is held is waited for until it is final, before the hub and after it", () => {
  const times = timesOf("escrowed", [leg(A), leg(B)], null);
  expect(times.waits).toEqual([
    { chainId: HUB, wait: "finalized", seconds: 1_200 },
    { chainId: A, wait: "finalized", seconds: 1_200 },
    { chainId: B, wait: "finalized", seconds: 60 },
  ]);
  // The slower of both, then the hub; blocks of 2 s and rounds of asking beside.
  expect(times.seconds).toBe(2 * (1_200 + 2 + 2) + 2);
  // What is held must be known before the deadline, what comes of it need not.
  expect(times.least).toBe(768);
});

test("each step of an ordered bundle waits for the one before, and for the opening", () => {
  const legs = [leg(A), leg(A, { needsOk: [0] }), leg(B, { needsOk: [1] }), leg(A, { undoes: 0 })];
  const { least, seconds } = timesOf("ordered", legs, null);
  expect(least).toBe(3 * 768);
  expect(seconds).toBe(3 * (1_200 + 4) + (60 + 4) + 2);
  expect(timesOf("ordered", [leg(A)], null).least).toBe(768);
});

test("little is waited for a few blocks", () => {
  const { least, waits, seconds } = timesOf("ordered", [leg(A), leg(A, { needsOk: [0] })], 5n);
  expect(waits).toEqual([HUB, A].map((chainId) => ({ chainId, wait: { blocks: 2 }, seconds: 4 })));
  expect([least, seconds]).toEqual([8, 3 * 8 + 2]);
});
