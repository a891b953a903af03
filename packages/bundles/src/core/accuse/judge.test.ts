import type { Address, Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { decodeAbiParameters } from "viem";
import type { Bundle, Fact } from "../index.ts";
import { contradicts, judgeFact, type KnownBundle, type Shown } from "./judge.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const person = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const MARGINS = { longestValidity: 900, grace: 100 };
const DAY = 86_400;
const header = (over: Partial<Bundle> = {}): Bundle => ({
  owner: person(1),
  mode: "ordered",
  legs: 2,
  deadline: 5_000,
  legsHash: word(9),
  fee: 1n,
  salt: 1n,
  ...over,
});
const bundle = (over: Partial<KnownBundle> = {}): KnownBundle => ({
  base: 256n,
  header: header(),
  hashes: [word(1), word(2)],
  outcome: "aborted",
  decidedAt: 4_000,
  ...over,
});
const shown = (over: Partial<Shown> = {}): Shown => ({
  bundle: null,
  sets: [],
  receipts: [],
  escrowed: { held: 0, of: null },
  ...over,
});
/** "so", "unknown", "false", or "proven": a lie that the hub itself shows. */
function verdict(fact: Fact, validUntil: number, over: Partial<Shown>): string {
  const found = judgeFact(fact, validUntil, shown(over), MARGINS);
  return found.is === "false" && found.provable ? "proven" : found.is;
}

const decided = (outcome: "committed" | "aborted", base = 256n): Fact => ({
  kind: "decision",
  id: word(5),
  base,
  outcome,
});
test("a decision is a provable lie once the other one was there for the grace when it can have been signed", () => {
  expect(verdict(decided("aborted"), 4_000, { bundle: bundle() })).toBe("so");
  expect(verdict(decided("committed"), 4_999, { bundle: bundle() })).toBe("false");
  expect(verdict(decided("committed"), 5_000, { bundle: bundle() })).toBe("proven");
  expect(verdict(decided("aborted", 1n), 5_000, { bundle: bundle() })).toBe("proven");
  expect(verdict(decided("committed"), 9_999_999, {})).toBe("false");
});

test("of an open one a commit is, where it is held and has missed its time", () => {
  const open = { outcome: "open", decidedAt: null } as const;
  const held = bundle({ ...open, header: header({ mode: "escrowed" }) });
  expect(verdict(decided("committed"), 5_999, { bundle: held })).toBe("false");
  expect(verdict(decided("committed"), 6_000, { bundle: held })).toBe("proven");
  expect(verdict(decided("committed"), 6_000, { bundle: bundle(open) })).toBe("false");
  expect(verdict(decided("aborted"), 6_000, { bundle: held })).toBe("false");
});

test("an opening is another leg's, or another owner's, and nothing is said where legs are private", () => {
  const opened = (leg: Hex, owner = person(1)): Fact => ({
    kind: "opened",
    base: 256n,
    index: 1,
    owner,
    deadline: 5_000,
    leg,
  });
  expect(verdict(opened(word(2)), 9_000, { bundle: bundle() })).toBe("so");
  expect(verdict(opened(word(3)), 4_999, { bundle: bundle() })).toBe("false");
  expect(verdict(opened(word(3)), 5_000, { bundle: bundle() })).toBe("proven");
  expect(verdict(opened(word(2), person(2)), 5_000, { bundle: bundle() })).toBe("proven");
  expect(verdict(opened(word(3)), 9_000, { bundle: bundle({ hashes: null }) })).toBe("unknown");
  expect(verdict(opened(word(2), person(2)), 9_000, { bundle: bundle({ hashes: null }) })).toBe("false");
  expect(verdict(opened(word(2)), 9_000, {})).toBe("false");
});

const sets = [1, 2].map((epoch) => ({
  epoch,
  totalWeight: 3n,
  seats: [{ key: person(epoch), weight: 3n }],
  at: epoch * DAY + 10,
}));
const seated = (key: Address): Fact => ({
  kind: "seated",
  epoch: 1,
  totalWeight: 3n,
  seats: [{ key, weight: 3n }],
});
const day = (number: number, epoch: number): Fact => ({ kind: "current", day: number, epoch });
test("seats are those of the epoch, and days those on which it was the hub's", () => {
  expect(verdict(seated(person(1)), 9 * DAY, { sets })).toBe("so");
  expect(verdict(seated(person(8)), DAY + 500, { sets })).toBe("false");
  expect(verdict(seated(person(8)), 9 * DAY, { sets })).toBe("proven");
  expect(verdict(day(2, 1), 9 * DAY, { sets })).toBe("so");
  expect(verdict(day(3, 2), 9 * DAY, { sets })).toBe("so");
  // It was replaced within day 2, and says that it was there in the first second of day 3.
  expect(verdict(day(3, 1), 9 * DAY, { sets })).toBe("proven");
  expect(verdict(day(3, 1), 2 * DAY + 500, { sets })).toBe("false");
  // On the day itself it sat, though not in the first second: the hub would not take that for a lie.
  expect(verdict(day(2, 2), 9 * DAY, { sets })).toBe("false");
  expect(verdict(day(3, 7), 9 * DAY, { sets })).toBe("false");
  const found = judgeFact(day(3, 1), 9 * DAY, shown({ sets }), MARGINS);
  if (found.is !== "false" || !found.provable) throw new Error("not proven");
  expect(decodeAbiParameters([{ type: "uint32" }], found.provable.shown)).toEqual([1]);
});

test("receipts and what is held are other chains', so no lie about them is the hub's to see", () => {
  const receipt = (status: "ok" | "failed"): Fact => ({
    kind: "receipt",
    ordinal: 257n,
    status,
    result: word(1),
    relayer: person(4),
  });
  const receipts = [{ status: "ok", result: word(1), relayer: person(4) }] as const;
  expect(verdict(receipt("ok"), 9_000, { receipts })).toBe("so");
  expect(verdict(receipt("failed"), 9_000, { receipts })).toBe("false");
  expect(verdict(receipt("ok"), 9_000, {})).toBe("false");
  const prepared: Fact = { kind: "prepared", id: word(5) };
  const of = { mode: "escrowed", legs: 2 } as const;
  expect(verdict(prepared, 9_000, { escrowed: { held: 2, of } })).toBe("so");
  expect(verdict(prepared, 9_000, { escrowed: { held: 1, of } })).toBe("false");
  expect(verdict(prepared, 9_000, { escrowed: { held: 1, of: null } })).toBe("unknown");
  expect(verdict(prepared, 9_000, {})).toBe("false");
  expect(contradicts(receipt("ok"), receipt("failed"))).toBe(true);
  expect(contradicts(prepared, prepared)).toBe(false);
});
