import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { type AttestedBatch, type Fact, NOBODY } from "../../core/index.ts";
import { RecentBatches } from "./recent-batches.ts";

const result: Hex = `0x${"ab".repeat(32)}`;
const receipt = (ordinal: bigint, more: Partial<Extract<Fact, { kind: "receipt" }>> = {}): Fact => ({
  kind: "receipt",
  ordinal,
  status: "ok",
  result,
  relayer: NOBODY,
  ...more,
});
const signed = (facts: readonly Fact[], validUntil = 1_000): AttestedBatch => ({
  facts,
  root: result,
  epoch: 1,
  validUntil,
  seats: 1n,
  signatures: "0x",
});
const [one, two] = [receipt(1n), receipt(2n)];

test("what was signed is found by facts that say the same in the same order, and by no others", () => {
  const recent = new RecentBatches();
  const batch = signed([one, two]);
  recent.keep(batch);
  expect(recent.find([receipt(1n), receipt(2n)], 0)).toBe(batch);
  for (const other of [
    [two, one],
    [one],
    [one, two, receipt(3n)],
    [one, receipt(2n, { status: "failed" })],
    [one, receipt(2n, { relayer: `0x${"11".repeat(20)}` })],
    [receipt(1n, { result: `0x${"cd".repeat(32)}` }), two],
    [{ kind: "prepared", id: result } as Fact, two],
    [],
  ])
    expect(recent.find(other, 0)).toBeNull();
});

test("what is valid for less than a minute is not used again", () => {
  const recent = new RecentBatches();
  recent.keep(signed([one], 1_000));
  expect(recent.find([one], 940)).not.toBeNull();
  expect(recent.find([one], 941)).toBeNull();
});

test("what was not believed is forgotten, and not what took its place", () => {
  const recent = new RecentBatches();
  const [old, young] = [signed([one, two]), signed([one, two], 2_000)];
  recent.keep(old);
  recent.keep(young);
  recent.forget(old);
  expect(recent.find([one, two], 0)).toBe(young);
  recent.forget(young);
  expect(recent.find([one, two], 0)).toBeNull();
});

test("the oldest are forgotten beyond a number", () => {
  const recent = new RecentBatches();
  for (let ordinal = 0n; ordinal < 64n; ordinal++) recent.keep(signed([receipt(ordinal)]));
  recent.keep(signed([receipt(0n)]));
  recent.keep(signed([receipt(64n)]));
  const kept = [0n, 1n, 2n, 64n].map((ordinal) => recent.find([receipt(ordinal)], 0) !== null);
  expect(kept).toEqual([true, false, true, true]);
});
