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
  ["insufficient funds for intrinsic transaction cost", "no_funds"],
  ["gas required exceeds allowance (30000000)", "too_much_gas"],
  ["Out of gas: gas required exceeds allowance: 30000000", "too_much_gas"],
  ["exceeds block gas limit", "never"],
  ["transaction gas limit too high (cap: 16777216, tx: 20000000)", "never"],
  ["intrinsic gas too high -- tx.gas_limit > env.block.gas_limit", "never"],
  ["intrinsic gas too low: gas 20000, minimum needed 21000", "never"],
  ["GasLimitExceeded, Gas limit: 30000000, gas limit of rejected tx: 31000000", "never"],
  ["oversized data: transaction size 200000, limit 131072", "never"],
  ["txpool is full", "other"],
  ["invalid nonce", "other"],
])("%s means %s", (words, meaning) => {
  expect(refusalOf(new Error(words))).toBe(meaning);
  expect(refusalOf(Object.assign(new Error("RPC Request failed."), { details: words }))).toBe(meaning);
});
