import type { Hex } from "@sooth/kernel";
import { numberToHex } from "viem";
import { beforeEach, expect, test } from "vitest";
import { addresses, ESCROWED, makeBundle, START } from "../../../test/ledger.ts";
import { legHash } from "../../core/index.ts";
import type { SeenIn } from "./chain-feed.ts";
import { Forgetting } from "./forgetting.ts";
import { Sightings } from "./sightings.ts";

const [HUB, A] = [31_337, 31_338];
const DAY = 86_400;
const ESCAPE = 36 * 3_600;
const KEPT = 3_600;

let sightings: Sightings;
let forgetting: Forgetting;
let now: number | null;
let escape: number | null;
let block: number;
beforeEach(() => {
  sightings = new Sightings({ chainId: HUB, hub: addresses.bundleHub });
  [now, escape, block] = [START, ESCAPE, 0];
  forgetting = new Forgetting({ sightings, now: () => now, escape: () => escape, keptSeconds: KEPT });
});

type Without<T> = T extends unknown ? Omit<T, "block" | "time"> : never;
function see(chainId: number, ...seen: Without<SeenIn>[]): void {
  const at = { block: ++block, time: now ?? 0 };
  forgetting.note(
    sightings.take(
      chainId,
      seen.map((one) => ({ ...one, ...at }) as SeenIn),
      0,
    ),
  );
}
/** So many seconds later, with as many blocks as it takes to look at all. */
function later(seconds: number): void {
  now = (now ?? START) + seconds;
  for (let turn = 0; turn < 100; turn++) forgetting.sweep();
}
const prepared = (id: Hex) => ({ kind: "prepared", id, place: 0 }) as const;

test("tokens that strangers set aside for headers that nobody knows are forgotten once they can be taken back", () => {
  for (let n = 1; n <= 1_000; n++) see(A, prepared(numberToHex(n, { size: 32 })));
  later(7 * DAY + ESCAPE + DAY);
  expect(sightings.size).toBe(1_000);
  later(1);
  later(KEPT - 1);
  expect(sightings.size).toBe(1_000);
  later(1);
  expect(sightings.size).toBe(0);
});

test("a log of a bundle that was forgotten is not kept for ever, and one of its legs neither", () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START + 10 });
  const place = 0;
  see(A, { kind: "taken_back", id: made.id, place }, { kind: "not_undone", ordinal: 7n });
  const data: Hex = "0x01";
  see(A, { kind: "returned", ordinal: 7n, data });
  expect([sightings.isSeen(made.id), sightings.returned(7n)]).toEqual([true, data]);
  later(7 * DAY + ESCAPE + DAY + 1);
  later(KEPT);
  expect([sightings.isSeen(made.id), sightings.returned(7n)]).toEqual([false, "0x"]);
});

test("one whose leg is held is kept while anybody waits for a decision, and its header is enough", () => {
  const { id, bundle, legs } = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START + 10 });
  see(A, { ...prepared(id), leg: legHash(legs[0] as (typeof legs)[0]) });
  sightings.learn(id, { bundle });
  later(10 + ESCAPE + DAY);
  later(KEPT);
  expect(sightings.isSeen(id)).toBe(true);
  // It has ended for as long as that now.
  later(KEPT);
  expect(sightings.isSeen(id)).toBe(false);
});

test("time is the furthest behind chain's, and nothing is forgotten while one has not answered or the escape is unknown", () => {
  [now, escape] = [null, null];
  see(A, prepared(numberToHex(1, { size: 32 })));
  now = START + 100 * DAY;
  later(0);
  later(KEPT);
  expect(sightings.size).toBe(1);
  escape = ESCAPE;
  later(0);
  // What more was seen of it began its time anew.
  see(A, prepared(numberToHex(1, { size: 32 })));
  later(KEPT);
  expect(sightings.size).toBe(1);
});

test("what a branch took with it begins to end anew", () => {
  const { id, bundle } = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START + 10 });
  const opened = { kind: "opened", id, base: 1n, bundle, legs: null, isUnopened: true } as const;
  see(HUB, opened, { kind: "decided", id, outcome: "aborted" });
  later(3_611);
  forgetting.unnote(sightings.drop(HUB, 0));
  sightings.learn(id, { bundle });
  later(KEPT - 1);
  later(KEPT - 1);
  expect(sightings.headerOf(id)).not.toBeNull();
  later(1);
  expect(sightings.headerOf(id)).toBeNull();
});

test("what had ended for that long when it was first seen is known to need nothing, though it is kept for a while", () => {
  const { id, bundle } = makeBundle({ mode: "ordered", deadline: START + 10 });
  const opened = { kind: "opened", id, base: 1n, bundle, legs: null, isUnopened: false } as const;
  const ended = [opened, { kind: "decided", id, outcome: "committed" }, { kind: "reclaimed", id }] as const;
  see(HUB, ...ended);
  now = START + KEPT - 1;
  expect(forgetting.hasLongEnded(id)).toBe(false);
  // A leg of it says more, which a branch may take away.
  see(A, { kind: "not_undone", ordinal: 1n });
  now = START + KEPT;
  expect(forgetting.hasLongEnded(id)).toBe(false);
  now = START + 2 * KEPT - 1;
  expect([forgetting.hasLongEnded(id), sightings.isSeen(id)]).toEqual([true, true]);
});

test("what has not ended, or has by a clock of which less than that has passed since, is needed", () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: START + 10 });
  see(A, prepared(made.id));
  sightings.learn(made.id, { bundle: made.bundle });
  // Taken back by whoever paid: a day after the escape.
  now = START + 10 + ESCAPE + DAY + KEPT;
  expect(forgetting.hasLongEnded(made.id)).toBe(false);
  now += 1;
  expect(forgetting.hasLongEnded(made.id)).toBe(true);
  now = null;
  expect(forgetting.hasLongEnded(made.id)).toBe(false);
  expect(forgetting.hasLongEnded(numberToHex(9, { size: 32 }))).toBe(false);
});
