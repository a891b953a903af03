import type { QuestionSchema } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { outcomeLabels } from "./labels.ts";
import { badTerms, marketId, type MarketTerms, outcomeOf, termsFromWire, termsToWire } from "./terms.ts";

const question = `0x${"11".repeat(32)}` as const;
const creator = `0x${"22".repeat(20)}` as const;
const categories: MarketTerms = { question, creator, closesAt: 1_000, feeBps: 200, outcomes: 3, cuts: [] };
const ranges: MarketTerms = { ...categories, cuts: [200_000n, 250_000n] };
const plurality = { aggregation: "plurality" as const, min: 0n, max: 2n, opensAt: 1_000, endsEarly: false };
const median = { aggregation: "median" as const, min: 0n, max: 1_000_000n, opensAt: 1_000, endsEarly: false };

test.each([
  ["below the first cut", 199_999n, 0],
  ["at the first cut", 200_000n, 1],
  ["between", 249_999n, 1],
  ["at the last cut", 250_000n, 2],
  ["above", 900_000n, 2],
  ["negative", -5n, 0],
])("an answer %s is outcome %#", (_, value, outcome) => {
  expect(outcomeOf(value, ranges)).toBe(outcome);
});
test("without cuts the answer is the outcome", () => expect(outcomeOf(2n, categories)).toBe(2));

test.each([
  ["fit", categories, plurality, null],
  ["cuts that fit", ranges, median, null],
  ["nobody gets the fee", { ...categories, creator: `0x${"00".repeat(20)}` as const }, plurality, "creator"],
  ["closes in the past", { ...categories, closesAt: 500 }, plurality, "closesAt"],
  ["closes after the question opens", { ...categories, closesAt: 1_001 }, plurality, "closesAt"],
  [
    "closes beyond 32 bits",
    { ...categories, closesAt: 2 ** 32 },
    { ...plurality, opensAt: 2 ** 33 },
    "closesAt",
  ],
  ["fee above a tenth", { ...categories, feeBps: 1_001 }, plurality, "feeBps"],
  ["one outcome", { ...categories, outcomes: 1 }, { ...plurality, max: 0n }, "outcomes"],
  ["too many outcomes", { ...categories, outcomes: 49 }, { ...plurality, max: 48n }, "outcomes"],
  ["categories of a median", categories, median, "aggregation"],
  ["other categories than the question", categories, { ...plurality, max: 1n }, "bounds"],
  ["cuts of a plurality", ranges, plurality, "aggregation"],
  ["an answer that may come early", categories, { ...plurality, endsEarly: true }, "endsEarly"],
  ["cuts that do not match the outcomes", { ...ranges, outcomes: 2 }, median, "outcomes"],
  ["cuts that fall", { ...ranges, cuts: [250_000n, 200_000n] }, median, "cuts"],
  ["equal cuts", { ...ranges, cuts: [5n, 5n] }, median, "cuts"],
  ["a cut at the lower bound", { ...ranges, cuts: [0n, 5n] }, median, "cuts"],
  ["a cut above the upper bound", { ...ranges, cuts: [5n, 1_000_001n] }, median, "cuts"],
])("terms: %s", (_, terms, bounds, complaint) => {
  expect(badTerms(terms, bounds, 500)).toBe(complaint);
});

test("the id is the hash that the contract computes", () => {
  // cast keccak $(cast abi-encode "f((bytes32,address,uint40,uint16,uint8,int96[]))" ...), checked against a chain in
  // markets.chain.test.ts; here it must only never change.
  expect(marketId(categories)).toBe(marketId(termsFromWire(termsToWire(categories))));
  expect(marketId(ranges)).not.toBe(marketId(categories));
  expect(marketId({ ...ranges, cuts: [200_000n, 250_001n] })).not.toBe(marketId(ranges));
});

const schema: QuestionSchema = {
  version: 1,
  text: "ETH at noon?",
  kind: "numeric",
  outcomes: [],
  decimals: 2,
  unit: "USD",
  observeAt: 1_000,
  sources: [],
  rule: { type: "value" },
  default: "invalid",
  description: "",
};
test("outcomes have names for people", () => {
  expect(outcomeLabels(schema, ranges)).toEqual([
    "below 2,000 USD",
    "2,000 to below 2,500 USD",
    "2,500 USD or more",
  ]);
  expect(
    outcomeLabels({ ...schema, kind: "categorical", outcomes: ["A", "🇦🇷", "ج"] }, { outcomes: 3, cuts: [] }),
  ).toEqual(["A", "🇦🇷", "ج"]);
  expect(
    outcomeLabels({ ...schema, kind: "bool", outcomes: ["No", "Yes"] }, { outcomes: 2, cuts: [] }),
  ).toEqual(["No", "Yes"]);
});
