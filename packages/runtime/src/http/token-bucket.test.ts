import { expect, test } from "vitest";
import { localBuckets, takeTokens } from "./token-bucket.ts";

const rate = { perSecond: 2, burst: 4 };

test("a full bucket gives its burst at once, then one token each half second", () => {
  let fullAt = 0;
  const take = (now: number, cost = 1) => {
    const next = takeTokens(fullAt, now, cost, rate);
    if ("fullAt" in next) fullAt = next.fullAt;
    return "fullAt" in next ? 0 : next.waitMs;
  };
  expect([take(1000), take(1000), take(1000), take(1000), take(1000)]).toEqual([0, 0, 0, 0, 500]);
  expect([take(1499), take(1500), take(1500)]).toEqual([1, 0, 500]);
  expect([take(10_000, 4), take(10_000)]).toEqual([0, 500]);
});

test("what was refused costs nothing, and more than a bucket holds costs a whole one", () => {
  const full = takeTokens(0, 1000, 100, rate);
  expect(full).toEqual({ fullAt: 3000 });
  expect(takeTokens(3000, 1000, 1, rate)).toEqual({ waitMs: 500 });
  expect(takeTokens(3000, 3000, 100, rate)).toEqual({ fullAt: 5000 });
});

test("callers have buckets of their own, and are told in whole seconds when to come back", async () => {
  let now = 0;
  const buckets = localBuckets(() => now);
  const slow = { perSecond: 0.1, burst: 1 };
  expect(await buckets.take("a", 1, slow)).toEqual({ ok: true });
  expect(await buckets.take("a", 1, slow)).toEqual({ ok: false, retryAfterSeconds: 10 });
  expect(await buckets.take("b", 1, slow)).toEqual({ ok: true });
  now = 9_500;
  expect(await buckets.take("a", 1, slow)).toEqual({ ok: false, retryAfterSeconds: 1 });
  now = 10_000;
  expect(await buckets.take("a", 1, slow)).toEqual({ ok: true });
});
