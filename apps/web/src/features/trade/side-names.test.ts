import { questionSchema } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { boundsOf, evenAt, unanswered } from "./side-names.ts";

test("without an answer a set is worth its collateral, however many outcomes there are", () => {
  expect([unanswered(10n, "yes", 1), unanswered(10n, "no", 1)]).toEqual([5n, 5n]);
  expect([unanswered(12n, "yes", 3), unanswered(12n, "no", 3)]).toEqual([4n, 8n]);
  expect([unanswered(10n, "yes", 3), unanswered(10n, "no", 3)]).toEqual([3n, 6n]);
});

const priced = {
  schema: questionSchema.parse({
    version: 1,
    text: "What does one ether cost in dollars then?",
    kind: "numeric",
    decimals: 2,
    unit: "USD",
    observeAt: 1_800_000_000,
    sources: [],
  }),
  terms: { min: "0", max: "100000000" },
};

test("of a number it is said what a yes is worth where, and at which answer a price is right", () => {
  expect(boundsOf(priced)).toEqual({ lower: "0 USD", upper: "1,000,000 USD" });
  expect(evenAt(500_000n, "yes", priced)).toBe("500,000 USD");
  expect([evenAt(3_100n, "yes", priced), evenAt(3_100n, "no", priced)]).toEqual(["3,100 USD", "996,900 USD"]);
  const above = { ...priced, terms: { min: "100000", max: "300000" } };
  expect([evenAt(250_000n, "yes", above), evenAt(250_000n, "no", above)]).toEqual(["1,500 USD", "2,500 USD"]);
});
