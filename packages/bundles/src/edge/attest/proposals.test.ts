import type { Hex } from "@sooth/kernel";
import { configureLogs, logger } from "@sooth/runtime";
import { numberToHex } from "viem";
import { beforeAll, expect, test } from "vitest";
import { type Fact, factToWire, factTree } from "../../core/index.ts";
import { Proposals } from "./proposals.ts";

beforeAll(() => configureLogs({ level: "silent" }));
const log = logger("test");

const factOf = (n: number): Fact => ({ kind: "prepared", id: numberToHex(n, { size: 32 }) });
const lineOf = (facts: readonly Fact[], root: Hex = factTree(facts).root): string =>
  JSON.stringify({ root, epoch: 1, validUntil: 1_000, facts: facts.map(factToWire) });

test("a line is read as the batch that it is", () => {
  const facts = [factOf(1), factOf(2)];
  expect(new Proposals().read(lineOf(facts), log)).toEqual({
    facts,
    batch: { root: factTree(facts).root, epoch: 1, validUntil: 1_000 },
  });
});

test("however many are shown a line, it is read once", () => {
  const proposals = new Proposals();
  expect(proposals.read(lineOf([factOf(1)]), log)).toBe(proposals.read(lineOf([factOf(1)]), log));
});

test.each([
  ["no JSON", "{"],
  ["no batch", "{}"],
  ["another root than that of its facts", lineOf([factOf(1)], factTree([factOf(2)]).root)],
])("what is %s is no proposal, however often it is shown", (_, line) => {
  const proposals = new Proposals();
  expect([proposals.read(line, log), proposals.read(line, log)]).toEqual([null, null]);
});

test("the newest lines are kept, and no more than so many", () => {
  const proposals = new Proposals();
  const [first, last] = [1, 65].map((n) => lineOf([factOf(n)])) as [string, string];
  const before = proposals.read(first, log);
  for (let n = 2; n <= 64; n++) proposals.read(lineOf([factOf(n)]), log);
  expect(proposals.read(first, log)).toBe(before);
  const newest = proposals.read(last, log);
  expect(proposals.read(first, log)).not.toBe(before);
  expect(proposals.read(last, log)).toBe(newest);
});
