import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { type EpochOutlook, extendFrom, extension, isInSight } from "./extension.ts";

const seat = (n: number, weight = 100n) => ({ signer: `0x${String(n).repeat(40)}` as Hex, weight });
const outlook = (over: Partial<EpochOutlook> = {}): EpochOutlook => ({
  current: { epoch: 3, totalWeight: 400n, seats: [1, 2, 3, 4].map((n) => seat(n)) },
  next: [1, 2, 5].map((n) => seat(n)),
  startedAt: 1_000,
  allowedAt: 2_000,
  firstTakes: 4,
  ...over,
});

const report = (n: number, epoch = 3) => ({ epoch, seat: n, weight: 100n });

test("it is half of a round's time, rounded up", () => {
  expect(extendFrom({ notBefore: 100, deadline: 201 })).toBe(151);
});

test("a quorum is in sight when those of this epoch who reported hold more than two thirds", () => {
  const current = { epoch: 3, totalWeight: 300n };
  expect(isInSight([report(0), report(1)], current)).toBe(false);
  expect(isInSight([report(0), report(1), report(2)], current)).toBe(true);
  expect(isInSight([report(0), report(1), report(2, 2)], current)).toBe(false);
});

test("the next epoch is asked for when it would differ and may begin", () => {
  expect(extension(outlook(), 9_000, 2_000)).toEqual({
    do: "advance",
    reason:
      "epoch 4 would seat 3 providers: 1 new, 2 gone; it was asked for, and all who are seated sign anew",
  });
});

test.each<[string, Partial<EpochOutlook>, number, string, string]>([
  ["it is too young", {}, 9_000, "wait", "epoch 3 lasts until 1 Jan 1970, 00:33:20 UTC"],
  ["it outlives the deadline", {}, 2_000, "give_up", "past the deadline"],
  [
    "it would seat the same",
    { next: [4, 3, 2, 1].map((n) => seat(n)) },
    9_000,
    "give_up",
    "the same 4 providers",
  ],
  ["nobody is left", { next: [] }, 9_000, "give_up", "nobody has staked"],
  [
    "it would be the first, of too few",
    { current: { epoch: 0, totalWeight: 0n, seats: [] } },
    9_000,
    "give_up",
    "the first epoch waits for 4",
  ],
])("not so when %s", (_, over, deadline, does, why) => {
  const found = extension(outlook(over), deadline, 1_999);
  expect([found.do, found.reason]).toEqual([does, expect.stringContaining(why)]);
});

test("other weights of the same providers are another set", () => {
  const next = [seat(1, 50n), seat(2), seat(3), seat(4)];
  expect(extension(outlook({ next }), 9_000, 2_000).do).toBe("advance");
});
