import type { Amount, Hex } from "@sooth/kernel";
import { INVALID } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { BANDS, type Rule } from "../rules/bands.ts";
import { opinionOutcome } from "./outcome.ts";

const FINAL = 1_800_000_000;
const MARKET: Hex = `0x${"07".repeat(32)}`;
const word = (value: bigint, confidence = 8_000) =>
  ({
    state: "answered",
    value,
    finalizeAt: FINAL,
    confidence,
    seats: 7n,
    epoch: 1,
    round: 0,
    rewardSettled: false,
  }) as const;
const bookOf = (filled: Record<number, bigint>) => ({
  staked: Array.from({ length: BANDS }, (_, band) => (filled[band] ?? 0n) as Amount),
  opinions: Array.from({ length: BANDS }, (_, band) => (filled[band] === undefined ? 0 : 2)),
});
const market = (filled: Record<number, bigint>, rule: Rule = "fourth") => ({
  id: MARKET,
  terms: { minConfidence: 6_000, rule },
  book: bookOf(filled),
});

test("a final answer becomes a result: every field as the contract signs it, the score half up", () => {
  const staked = { 3: 100n, 12: 50n };
  for (const [value, score] of [
    [6_249n, 62],
    [6_250n, 63],
    [0n, 0],
    [10_000n, 100],
  ] as const)
    expect(opinionOutcome(market(staked), word(value), FINAL)).toEqual({
      kind: "result",
      result: { market: MARKET, total: 150n, count: 4, score, confidence: 8_000 },
    });
});

test("before finality, and while somebody objects, there is nothing to approve", () => {
  expect(opinionOutcome(market({ 3: 1n }), word(1n), FINAL - 1)).toEqual({ kind: "waiting" });
  expect(opinionOutcome(market({ 3: 1n }), { state: "disputed", digest: 1n }, FINAL)).toEqual({
    kind: "waiting",
  });
  const open = { state: "open", deadline: FINAL, notBefore: 0, round: 0, rewardSettled: false } as const;
  expect(opinionOutcome(market({ 3: 1n }), open, FINAL)).toEqual({ kind: "waiting" });
  expect(opinionOutcome(market({ 3: 1n }), open, FINAL + 1)).toEqual({ kind: "void", why: "invalid" });
});

test("what the contract voids needs nobody", () => {
  const voids = [
    opinionOutcome(market({ 3: 1n }), word(INVALID), FINAL),
    opinionOutcome(market({ 3: 1n }), word(5_000n, 5_999), FINAL),
    // All stand at the other end, and so weigh nothing.
    opinionOutcome(market({ 0: 5n }), word(10_000n), FINAL),
    opinionOutcome(market({}), word(5_000n), FINAL),
    opinionOutcome(market({}, "brier"), word(5_000n), FINAL),
  ];
  expect(voids.map((one) => (one.kind === "void" ? one.why : one.kind))).toEqual([
    "invalid",
    "confidence",
    "weights",
    "weights",
    "weights",
  ]);
  expect(opinionOutcome(market({ 3: 1n }), word(5_000n, 6_000), FINAL).kind).toBe("result");
});
