import { expect, test } from "vitest";
import { type Refusal, refusalOf } from "./refusal.ts";

test.each<[string, Refusal]>([
  ["already known", "known"],
  ["transaction already imported", "known"],
  ["nonce too low: next nonce 5, tx nonce 4", "nonce_used"],
  ["OldNonce", "nonce_used"],
  ["replacement transaction underpriced", "underpriced"],
  ["max fee per gas less than block base fee", "underpriced"],
  ["FeeTooLow, MaxFeePerGas too low", "underpriced"],
  ["insufficient funds for gas * price + value: balance 0", "no_funds"],
  ["Insufficient funds for gas * price + value", "no_funds"],
  ["exceeds block gas limit", "other"],
])("%s means %s", (words, meaning) => {
  expect(refusalOf(new Error(words))).toBe(meaning);
  expect(refusalOf(Object.assign(new Error("RPC Request failed."), { details: words }))).toBe(meaning);
});
