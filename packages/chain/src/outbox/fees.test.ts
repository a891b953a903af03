import { expect, test } from "vitest";
import { type Fees, replacementFees } from "./fees.ts";

const fees = (maxFee: bigint, maxPriorityFee = 1n): Fees => ({ maxFee, maxPriorityFee });

test.each<[string, Fees, Fees, Fees | null]>([
  ["rises by an eighth, rounded up", fees(100n, 10n), fees(100n, 10n), fees(114n, 13n)],
  ["takes the market's fee when that is higher", fees(100n, 10n), fees(900n, 40n), fees(900n, 40n)],
  ["does not raise beyond five times the market", fees(500n), fees(100n), null],
  ["raises once at least from a market of nothing", fees(0n, 0n), fees(0n, 0n), fees(1n, 1n)],
  ["keeps the tip within the fee", fees(10n, 10n), fees(5n, 9n), fees(13n, 13n)],
])("a replacement %s", (_, last, market, expected) => {
  expect(replacementFees(last, market)).toEqual(expected);
});
