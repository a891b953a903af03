import { toHex } from "viem";
import { expect, test } from "vitest";
import {
  COUNT_STEPS,
  countStep,
  disputeEvidence,
  heaviestHour,
  MOST_EVIDENCE,
  type SecuringAnswer,
  surgeLimit,
  tripOf,
} from "./global-breaker.ts";

const NOON = 1_800_000_000;
const idOf = (n: number) => toHex(n, { size: 32 });
const securing = (n: number, secures: bigint, after: number): SecuringAnswer => ({
  id: idOf(n),
  secures,
  finalizeAt: NOON + after,
});

test("the hour is the one that holds most, and its last second is not in it", () => {
  const spread = [securing(9, 40n, 0), securing(3, 50n, 3_599), securing(5, 60n, 3_600), securing(1, 0n, 10)];
  // 3,599 lies in both hours, 3,600 only in the second.
  expect(heaviestHour(spread)).toEqual({ from: NOON + 3_599, ids: [idOf(3), idOf(5)], value: 110n });
  expect(heaviestHour([securing(7, 90n, 0), ...spread])).toEqual({
    from: NOON,
    ids: [idOf(3), idOf(7), idOf(9)],
    value: 180n,
  });
  expect(heaviestHour([])).toEqual({ from: 0, ids: [], value: 0n });
});

test("of too many, those that secure most are shown", () => {
  const many = Array.from({ length: 300 }, (_, n) => securing(300 - n, BigInt(n + 1), n));
  const { ids, value, from } = heaviestHour(many);
  expect(ids).toHaveLength(MOST_EVIDENCE);
  expect(ids).toEqual(ids.toSorted());
  // 45 to 300.
  expect(value).toBe((300n * 301n) / 2n - (44n * 45n) / 2n);
  expect(from).toBe(NOON);
});

test("a surge is more than three times the mean, and the policy's floor at least", () => {
  expect(surgeLimit(0n, 5)).toBe(4);
  expect(surgeLimit(16_666n, 5)).toBe(4);
  expect(surgeLimit(16_667n, 5)).toBe(5);
  expect(surgeLimit(40_000n, 5)).toBe(12);
});

test("one step trips, and value goes before disputes", () => {
  const disputed = [5, 1, 4].map(idOf);
  const calm = { hour: heaviestHour([securing(1, 10n, 0)]), valueLimit: 10n, disputed, disputeLimit: 3 };
  expect(tripOf(calm)).toBe(null);
  expect(tripOf({ ...calm, disputeLimit: 2 })).toBe("disputes");
  expect(tripOf({ ...calm, disputeLimit: 2, valueLimit: 9n })).toBe("value");
});

test("counts are told in steps, each less than half as much again as the last", () => {
  expect([0, 1, 5, 8, 9, 256].map(countStep)).toEqual([0, 1, 4, 6, 9, 211]);
  for (const [index, step] of COUNT_STEPS.entries()) {
    const next = COUNT_STEPS[index + 1] ?? MOST_EVIDENCE;
    expect((next - 1) * 2).toBeLessThanOrEqual(step * 3);
  }
  expect(disputeEvidence([idOf(3), idOf(1), idOf(2)])).toEqual([idOf(1), idOf(2), idOf(3)]);
});
