import { zeroAddress, zeroHash } from "viem";
import { describe, expect, test } from "vitest";
import { decodeAnswerWord, encodeAnswerWord, INVALID } from "../answer-word.ts";
import type { Terms } from "../terms.ts";
import type { Dispute } from "./dispute.ts";
import { isSilence, isSilent, silenceDeposit, silenceFrom, silentWord } from "./silence.ts";

const terms: Terms = {
  asker: zeroAddress,
  schema: zeroHash,
  aggregation: "median",
  min: 0n,
  max: 10n,
  tolerance: 1n,
  opensAt: 1_000,
  deadline: 1_100,
  liveness: 60,
  reward: 0n,
  nonce: 0n,
  domain: 0,
  endsEarly: false,
  secures: 0n,
};
const open = { state: "open", deadline: 1_100, notBefore: 1_000, round: 3, rewardSettled: false } as const;
const LIMITS = { unit: 1_000_000n, leastDeposit: 250, mostDeposit: 50_000 };

describe("when", () => {
  test("from the last quarter to the deadline, and never before a report may come", () => {
    expect(silenceFrom(terms, open)).toBe(1_075);
    expect(silenceFrom(terms, { notBefore: 1_090 })).toBe(1_090);
    expect([1_074, 1_075, 1_100, 1_101].map((now) => isSilent(terms, open, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
  test("not of roots, nor of what is answered", () => {
    expect(isSilent({ ...terms, aggregation: "root" }, open, 1_100)).toBe(false);
    expect(isSilent(terms, decodeAnswerWord(silentWord(terms, open, LIMITS)), 1_100)).toBe(false);
  });
});

test("what is disputed is INVALID at the deadline, by nobody, in the round that was open", () => {
  const word = silentWord({ ...terms, secures: 1_000_000_000_000n }, { ...open, disputes: 2 }, LIMITS);
  expect(decodeAnswerWord(word)).toMatchObject({
    state: "answered",
    value: INVALID,
    finalizeAt: 1_100,
    confidence: 0,
    seats: 0n,
    epoch: 0,
    round: 3,
    deposit: 5_000,
    disputes: 2,
  });
});

test("the deposit doubles with each dispute before", () => {
  expect([0, 1, 2].map((disputes) => silenceDeposit(terms, { ...open, disputes }, LIMITS))).toEqual([
    250_000_000n,
    500_000_000n,
    1_000_000_000n,
  ]);
});

const disputed = (answer: bigint): Dispute => ({
  question: zeroHash,
  answer,
  root: zeroHash,
  disputer: zeroAddress,
  claim: 1n,
  claimRoot: zeroHash,
  deposit: 250_000_000n,
  at: 1_100,
});

test("a dispute is one of silence when nobody signed the INVALID that it objects to", () => {
  const word = silentWord(terms, open, LIMITS);
  expect(isSilence(disputed(word))).toBe(true);
  const answer = decodeAnswerWord(word);
  if (answer.state !== "answered") throw new Error("no answer");
  expect(isSilence(disputed(encodeAnswerWord({ ...answer, seats: 7n })))).toBe(false);
  expect(isSilence(disputed(encodeAnswerWord({ ...answer, value: 1n })))).toBe(false);
});
