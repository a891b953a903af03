import type { UnixSeconds } from "@sooth/kernel";
import { expect, test } from "vitest";
import {
  CALM_WEIGHT_BPS,
  emptyFeed,
  FEED_LIMITS,
  feedStatus,
  type FeedState,
  GUARDED_WEIGHT_BPS,
  neededWeightBps,
  type Offer,
  offer,
} from "./breakers.ts";

const START = 1_800_000_000;
const HOUR = 3_600;
const time = (hours: number): UnixSeconds => (START + hours * HOUR) as UnixSeconds;

/** 32 rounds around 100,000 that move by up to 400. */
function calmFeed(): FeedState {
  let state = emptyFeed;
  for (let round = 0; round < 32; round += 1) {
    const value = 100_000n + BigInt(((round * 7) % 9) - 4) * 100n;
    const taken = offer(state, { value, weightBps: 7_000, secondary: null, at: time(round) }, FEED_LIMITS);
    if (!taken.taken) throw new Error(taken.why);
    state = taken.state;
  }
  return state;
}
const at = (hours: number, value: bigint, weightBps = 7_000, secondary: bigint | null = null): Offer => ({
  value,
  weightBps,
  secondary,
  at: time(hours),
});

test("a jump is refused once, and what nine tenths say next is taken: the breaker ends by itself", () => {
  const jumped = offer(calmFeed(), at(32, 120_000n), FEED_LIMITS);
  expect(jumped).toMatchObject({ taken: false, why: "jump", state: { guarded: "jump" } });
  expect(neededWeightBps(jumped.state, time(32), FEED_LIMITS)).toBe(GUARDED_WEIGHT_BPS);
  expect(offer(jumped.state, at(33, 120_000n), FEED_LIMITS)).toMatchObject({ taken: false, why: "weight" });
  const passed = offer(jumped.state, at(33, 120_000n, 9_000), FEED_LIMITS);
  expect(passed).toMatchObject({ taken: true, state: { guarded: "no" } });
  expect(neededWeightBps(passed.state, time(33), FEED_LIMITS)).toBe(CALM_WEIGHT_BPS);
});

test("a usual move is taken, and so is any first value", () => {
  expect(offer(calmFeed(), at(32, 101_500n), FEED_LIMITS).taken).toBe(true);
  expect(offer(emptyFeed, at(0, 5n), FEED_LIMITS).taken).toBe(true);
});

test("a value far from the secondary feed trips like a jump", () => {
  expect(offer(calmFeed(), at(32, 101_500n, 7_000, 97_000n), FEED_LIMITS)).toMatchObject({
    taken: false,
    why: "secondary",
    state: { guarded: "jump" },
  });
  expect(offer(calmFeed(), at(32, 101_500n, 7_000, 100_000n), FEED_LIMITS).taken).toBe(true);
});

test("silence of more than two heartbeats is stale; the value after it needs nine tenths and may lie further off", () => {
  const calm = calmFeed();
  expect(feedStatus(calm, time(33), FEED_LIMITS)).toBe("live");
  expect(feedStatus(calm, (time(33) + 1) as UnixSeconds, FEED_LIMITS)).toBe("stale");
  expect(feedStatus(emptyFeed, time(0), FEED_LIMITS)).toBe("empty");
  expect(offer(calm, at(300, 108_000n), FEED_LIMITS)).toMatchObject({ taken: false, why: "weight" });
  // The same value would be a jump without the outage.
  expect(offer(calm, at(32, 108_000n), FEED_LIMITS)).toMatchObject({ why: "jump" });
  expect(offer(calm, at(300, 108_000n, 9_000), FEED_LIMITS).taken).toBe(true);
});

test("after thirteen days the world is elsewhere: the band refuses once, the next nine tenths re-seed the feed", () => {
  const refused = offer(calmFeed(), at(400, 160_000n, 9_500), FEED_LIMITS);
  expect(refused).toMatchObject({ taken: false, why: "band", state: { guarded: "outage" } });
  const seeded = offer(refused.state, at(401, 160_000n, 9_500), FEED_LIMITS);
  expect(seeded).toMatchObject({ taken: true, state: { guarded: "no" } });
  expect(feedStatus(seeded.state, time(401), FEED_LIMITS)).toBe("live");
});
