import { expect, test } from "vitest";
import type { Dispute, QuestionDetail } from "../../api.ts";
import { choicesAgainst, claimsAgainst, isAppealable, isSilenceDisputable, recordText } from "./words.ts";

test("a claim is anything but the answer that stands", () => {
  expect(claimsAgainst(["No", "Yes"], "Yes")).toEqual(["No", "too early", "invalid"]);
  expect(claimsAgainst([], "3,182.44 USD")).toEqual(["too early", "invalid"]);
  expect(claimsAgainst(["a", "b"], "too early")).toEqual(["a", "b", "invalid"]);
});

test("the record tells counts, and nothing when there are none", () => {
  expect(recordText({ upheld: 0, overturned: 0 })).toMatch(/No dispute/);
  expect(recordText({ upheld: 2, overturned: 1 })).toContain(
    "Of 3 disputes decided before, 1 overturned the answer (33%)",
  );
});

const dispute = (change: Partial<Dispute>) =>
  ({ stage: "ruled", tier: 0, until: 100, ...change }) as unknown as Dispute;

test("an appeal is taken while the clock runs and a larger jury is left", () => {
  expect(isAppealable(dispute({}), 99)).toBe(true);
  expect(isAppealable(dispute({}), 100)).toBe(false);
  expect(isAppealable(dispute({ tier: 2 }), 50)).toBe(false);
  expect(isAppealable(dispute({ stage: "confirmed", tier: 0 }), 50)).toBe(true);
  expect(isAppealable(dispute({ stage: "sitting" }), 50)).toBe(false);
  expect(isAppealable(dispute({ until: null }), 50)).toBe(false);
});

const sides = { valueLabel: "Yes", claimLabel: "No" };

test("an appeal backs what does not stand, and neither is no third choice where a side says invalid", () => {
  expect(choicesAgainst({ ...sides, verdict: 1 })).toEqual([2, 3]);
  expect(choicesAgainst({ ...sides, verdict: 0 })).toEqual([1, 2, 3]);
  expect(choicesAgainst({ valueLabel: "Yes", claimLabel: "invalid", verdict: 1 })).toEqual([2]);
  expect(choicesAgainst({ valueLabel: "invalid", claimLabel: "Yes", verdict: 2 })).toEqual([1]);
  expect(choicesAgainst({ valueLabel: "invalid", claimLabel: "Yes", verdict: 3 })).toEqual([2]);
});

test("silence is objected to from the last quarter on, once the question is open, until the deadline", () => {
  const terms = { opensAt: 1_000, deadline: 1_400, aggregation: "plurality" } as QuestionDetail["terms"];
  const silent = (now: number, over: Partial<QuestionDetail> = {}) =>
    isSilenceDisputable({ status: "open", terms, opensAt: 1_000, deadline: 1_400, ...over }, now);
  expect([silent(1_299), silent(1_300), silent(1_400), silent(1_401)]).toEqual([false, true, true, false]);
  expect(silent(1_300, { opensAt: 1_350 })).toBe(false);
  expect(silent(1_350, { status: "answered" })).toBe(false);
  expect(silent(1_350, { terms: { ...terms, aggregation: "root" } })).toBe(false);
});
