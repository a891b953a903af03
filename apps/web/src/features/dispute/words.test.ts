import { expect, test } from "vitest";
import type { Dispute } from "../../api.ts";
import { claimsAgainst, isAppealable, recordText } from "./words.ts";

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
