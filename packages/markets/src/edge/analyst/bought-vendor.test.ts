import { need } from "@sooth/kernel";
import type { ReadMarket } from "@sooth/oracle";
import { agreeingWeight, confidenceOf, weightedLowerMedian } from "@sooth/oracle/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BEST, claudeStage, MARKET, says } from "../../../test/analyst/claude-stage.ts";
import type { Analyst } from "./analyst.ts";
import { offlineAnalyst } from "./analysts/offline.ts";
import { openPanel } from "./panel.ts";

const AGAINST = [
  "Zoos breed endangered species, so closing them would end animals that live nowhere else.",
  "Children learn to love animals in zoos, and later protect them in the wild.",
  "Modern zoos give animals more space and better care than many of them would have outside.",
];
const market: ReadMarket = {
  chainId: 31_337,
  contract: `0x${"aa".repeat(20)}`,
  market: MARKET,
  question: `0x${"02".repeat(32)}`,
  statement: "Zoos should be closed",
  statementHash: `0x${"03".repeat(32)}`,
  rubricHash: `0x${"00".repeat(32)}`,
  positions: AGAINST.map((text, index) => ({
    owner: `0x${(index + 1).toString(16).padStart(40, "0")}`,
    band: 2,
    staked: 10n,
    opinion: `0x${(index + 1).toString(16).padStart(64, "0")}`,
    text,
  })),
};
const signal = new AbortController().signal;
let stage: Awaited<ReturnType<typeof claudeStage>>;
let bought: Analyst;
beforeAll(async () => {
  // A family that says 100 of everything.
  stage = await claudeStage(says(BEST));
  ({ analyst: bought } = await stage.analystOf());
});
afterAll(() => stage.messages.stop());

/** What providers of equal weight answer together, in hundredths as on chain; undefined: abstains. */
async function answerOf(providers: readonly (readonly Analyst[])[], tolerance: bigint) {
  const said = await Promise.all(providers.map((analysts) => openPanel(analysts).assess(market, signal)));
  const values = said.map((one) => (one.scored ? one.score.digits * 100n : undefined));
  const entries = values.filter((value) => value !== undefined).map((value) => ({ value, weight: 20n }));
  const value = weightedLowerMedian(entries);
  return { value, values, confidence: confidenceOf(agreeingWeight(entries, value, tolerance), 100n) };
}

test("two of five providers with a bought family move nothing but the confidence, by their weight", async () => {
  const honest = [offlineAnalyst()];
  const alone = await answerOf([honest, honest, honest, honest, honest], 500n);
  expect(alone.confidence).toBe(10_000);
  expect(alone.value).toBeLessThan(5_000n);
  const mixed = await answerOf([honest, honest, honest, [bought], [bought]], 500n);
  expect(mixed.values.slice(3)).toEqual([10_000n, 10_000n]);
  expect([mixed.value, mixed.confidence]).toEqual([alone.value, 6_000]);
});

test("a provider who asks both families sees that they differ, and does not answer", async () => {
  const both = openPanel([offlineAnalyst(), bought]);
  const said = await both.assess(market, signal);
  expect(said.scored ? "scored" : said.why).toMatch(
    /^families of models differ too much: offline [\d.]+, claude 100$/,
  );
  const mixed = await answerOf(
    [[offlineAnalyst()], [offlineAnalyst()], [offlineAnalyst(), bought], [bought]],
    500n,
  );
  expect([mixed.values[2], need(mixed.values[3], "a value")]).toEqual([undefined, 10_000n]);
  expect([mixed.value, mixed.confidence]).toEqual([mixed.values[0], 4_000]);
});
