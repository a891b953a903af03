import type { Amount } from "@sooth/kernel";
import { type AnswerWord, INVALID } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { endingOf, marketStatusAt } from "./status.ts";

const CLOSES = 100;
const DEADLINE = 300;
const pools = [5n, 7n, 0n] as Amount[];
const open: AnswerWord = {
  state: "open",
  deadline: DEADLINE,
  notBefore: 100,
  round: 0,
  rewardSettled: false,
};
const answered = (value: bigint): AnswerWord => ({
  state: "answered",
  value,
  finalizeAt: 250,
  confidence: 10_000,
  seats: 7n,
  epoch: 1,
  round: 0,
  rewardSettled: false,
});

test.each([
  ["trades before it closes", open, CLOSES - 1, "trading"],
  ["is closed from closesAt on", open, CLOSES, "closed"],
  ["may still be answered at the deadline", open, DEADLINE, "closed"],
  ["is void after the deadline", open, DEADLINE + 1, "void"],
  ["is answered until the answer is final", answered(1n), 249, "answered"],
  ["is settled when it is final", answered(1n), 250, "settled"],
  ["is void when nobody bet on the answer", answered(2n), 250, "void"],
  ["may still be answered otherwise while INVALID is not final", answered(INVALID), 249, "answered"],
  ["is void when the answer is INVALID", answered(INVALID), 250, "void"],
])("a market %s", (_, word, now, status) => {
  expect(marketStatusAt(CLOSES, endingOf(word, DEADLINE, { cuts: [] }, pools), now)).toBe(status);
});
