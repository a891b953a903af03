import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import type { KnownFeed } from "./feeds.ts";
import type { StoredFeedReport } from "./reports.ts";
import { backingOf } from "./view.ts";

const feed: KnownFeed = {
  id: `0x${"11".repeat(32)}`,
  schema: null,
  last: { value: 5n, observedAt: 60, isHalted: false, round: 1 },
  refused: null,
  refusedAt: null,
  secondary: null,
  owner: null,
};
const report = (seat: number, over: Partial<StoredFeedReport> = {}): StoredFeedReport => ({
  feed: feed.id,
  observedAt: 60,
  epoch: 3,
  signer: `0x${seat}`,
  seat,
  weight: 10n,
  value: 5n,
  signature: "0x",
  receivedAt: 61,
  ...over,
});
const set = {
  epoch: 3,
  totalWeight: 30n,
  seats: [0, 1, 2].map((seat) => ({ signer: `0x${seat}` as Hex, weight: 10n })),
};

test("who signed the newest value, and their share of the weight, rounded down", () => {
  expect(backingOf(feed, [report(0), report(1)], set)).toEqual({ signers: 2, weightBps: 6_666 });
  expect(backingOf(feed, [report(0), report(1, { observedAt: 120 })], set)).toEqual({
    signers: 1,
    weightBps: 3_333,
  });
});

test("a key that signed the moment in two epochs is one, and counts where it is seated now", () => {
  expect(backingOf(feed, [report(0), report(0, { epoch: 2 })], set)).toEqual({
    signers: 1,
    weightBps: 3_333,
  });
});

test("no share is made up: not of another epoch, not of one key, not where nothing was handed over", () => {
  expect(backingOf(feed, [report(0, { epoch: 2 })], set)).toEqual({ signers: 1, weightBps: null });
  const owner = { signer: "0x0" as Hex, template: feed.id };
  expect(backingOf({ ...feed, owner }, [report(0, { epoch: 0 })], set)).toEqual({
    signers: 1,
    weightBps: null,
  });
  expect(backingOf(feed, [], set)).toEqual({ signers: 0, weightBps: null });
});
