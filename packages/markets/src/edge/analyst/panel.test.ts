import { at, type Hex, need } from "@sooth/kernel";
import type { ReadMarket } from "@sooth/oracle";
import { expect, test } from "vitest";
import { type Label, readSheet, rejected } from "../../core/index.ts";
import type { Analyst } from "./analyst.ts";
import { offlineAnalyst } from "./analysts/offline.ts";
import { openPanel } from "./panel.ts";

const ZERO: Hex = `0x${"00".repeat(32)}`;
const TEXTS = [
  "Zoos should be closed because animals suffer in small cages and go mad with boredom.",
  "Zoos breed endangered species, so closing them would end animals that live nowhere else.",
  "No animal chose to be locked up for our amusement, and children learn nothing from it.",
];
const marketOf = (texts: readonly (string | null)[]): ReadMarket => ({
  chainId: 31_337,
  contract: `0x${"aa".repeat(20)}`,
  market: `0x${"01".repeat(32)}`,
  question: `0x${"02".repeat(32)}`,
  statement: "Zoos should be closed",
  statementHash: `0x${"03".repeat(32)}`,
  rubricHash: ZERO,
  positions: texts.map((text, index) => ({
    owner: `0x${(index + 1).toString(16).padStart(40, "0")}`,
    band: index,
    staked: 10n,
    opinion: `0x${(index + 1).toString(16).padStart(64, "0")}`,
    text,
  })),
});
const label = (stance: number): Label => ({
  stance,
  quality: 50,
  parts: { clarity: 10, insight: 15, reasoning: 15, originality: 10 },
  rejection: null,
});
const saying = (family: string, said: readonly Label[] | string): Analyst & { asked: () => number } => {
  let asked = 0;
  return {
    analyst: family,
    family,
    model: "m",
    prompt: ZERO,
    settings: {},
    label: async () => {
      asked += 1;
      return typeof said === "string" ? { done: false, why: said } : { done: true, labels: [...said] };
    },
    asked: () => asked,
  };
};
const signal = new AbortController().signal;
const assess = (analysts: readonly Analyst[], texts: readonly (string | null)[]) =>
  openPanel(analysts).assess(marketOf(texts), signal);

test("the offline analyst's labels make a sheet that says what it says to everybody who computes it", async () => {
  const assessed = await assess([offlineAnalyst()], TEXTS);
  if (!assessed.scored) throw new Error(assessed.why);
  const read = readSheet(assessed.sheet);
  if (!("sheet" in read)) throw new Error(read.complaint);
  expect(assessed.score).toEqual({ digits: BigInt(read.sheet.score), scale: 0 });
  const stances = at(read.sheet.analysts, 0).labels.map(({ stance }) => Math.sign(stance));
  expect(stances).toEqual([1, -1, 1]);
  expect(read.sheet.confidence).toBeLessThanOrEqual(5_000);
});

test.each<[string, (sheet: string) => string, string]>([
  [
    "a stance",
    (text) => text.replace('"stance":9000', '"stance":8000'),
    "its root is not that of its labels",
  ],
  ["a score", (text) => text.replace(/"score":\d+,/, '"score":1,'), "its labels come to"],
  ["a stake", (text) => text.replace('"staked":"10"', '"staked":"900"'), "its labels come to"],
  [
    "an owner",
    (text) => text.replace(/"owner":"0x0/, '"owner":"0x1'),
    "its labels are not those of its positions",
  ],
  ["a space", (text) => `${text} `, "it is not in canonical form"],
  ["a member", (text) => text.replace("{", '{"also":1,'), "it is not in canonical form"],
])("a sheet with %s changed is told", async (_, change, complaint) => {
  const assessed = await assess([saying("a", [label(9_000), label(-2_000), label(4_000)])], TEXTS);
  if (!assessed.scored) throw new Error(assessed.why);
  const changed = change(assessed.sheet);
  expect(changed).not.toBe(assessed.sheet);
  const read = readSheet(changed);
  expect("complaint" in read && read.complaint).toContain(complaint);
});

test("an opinion without a text has no weight, and the others theirs", async () => {
  const assessed = await assess(
    [saying("a", [label(10_000), label(10_000)])],
    [TEXTS[0] ?? "", null, TEXTS[2] ?? ""],
  );
  if (!assessed.scored) throw new Error(assessed.why);
  const read = readSheet(assessed.sheet);
  const { sheet } = "sheet" in read ? read : { sheet: undefined };
  expect(sheet?.score).toBe(100);
  const [, missing] = need(sheet?.analysts[0], "an analyst").labels;
  expect(missing).toMatchObject({ keep: false, reason: "no_text", quality: 0 });
});

test.each<[string, Analyst[], (string | null)[], string]>([
  [
    "one analyst of two is away",
    [saying("a", [label(0)]), saying("b", "it is down")],
    ["x"],
    "b: it is down",
  ],
  ["nothing is kept", [saying("a", [rejected("not_kept")])], ["x"], "no opinion is kept"],
  ["there is no text at all", [saying("a", [])], [null], "no opinion is kept"],
  [
    "nothing has quality",
    [saying("a", [{ ...label(1), quality: 0 }])],
    ["x"],
    "no opinion that is kept has any quality",
  ],
  ["nobody staked", [saying("a", [])], [], "nobody staked with a stance that counts"],
  [
    "families differ by more than a quarter of the scale",
    [saying("a", [label(10_000)]), saying("b", [label(4_000)])],
    ["x"],
    "families of models differ too much: a 100, b 70",
  ],
])("where %s there is no score, and never 50", async (_, analysts, texts, why) => {
  expect(await assess(analysts, texts)).toEqual({ scored: false, why });
});

test("families within a quarter of the scale meet in the middle, with less confidence", async () => {
  const assessed = await assess([saying("a", [label(10_000)]), saying("b", [label(6_000)])], ["x"]);
  if (!assessed.scored) throw new Error(assessed.why);
  const read = readSheet(assessed.sheet);
  expect("sheet" in read && read.sheet).toMatchObject({ score: 90, spreadBps: 2_000 });
});

test("the same market is labelled once, one that failed again", async () => {
  const [good, bad] = [saying("a", [label(1)]), saying("b", "down")];
  const panel = openPanel([good]);
  await Promise.all([panel.assess(marketOf(["x"]), signal), panel.assess(marketOf(["x"]), signal)]);
  await panel.assess(marketOf(["x"]), signal);
  expect(good.asked()).toBe(1);
  await panel.assess(marketOf(["y"]), signal);
  expect(good.asked()).toBe(2);
  const failing = openPanel([bad]);
  await failing.assess(marketOf(["x"]), signal);
  await failing.assess(marketOf(["x"]), signal);
  expect(bad.asked()).toBe(2);
});
