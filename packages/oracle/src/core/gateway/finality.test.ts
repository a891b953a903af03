import { expect, test } from "vitest";
import { finalityOf } from "./finality.ts";

const terms = { opensAt: 1_000, deadline: 2_000, liveness: 50, endsEarly: false };
const open = { state: "open", deadline: 2_000, notBefore: 1_000, round: 0, rewardSettled: false } as const;

test("an answer may be final a liveness after it may come, and that is now only of what may end early", () => {
  const early = { ...terms, endsEarly: true };
  expect(finalityOf(open, terms, 100)).toEqual({ finalFrom: 1_050, finalBy: 2_050 });
  expect(finalityOf(open, early, 100)).toEqual({ finalFrom: 150, finalBy: 2_050 });
  // Who opened it again said that it had not ended by then.
  expect(finalityOf({ ...open, notBefore: 1_500, round: 1 }, early, 1_400).finalFrom).toBe(1_550);
  expect(finalityOf(open, terms, 1_200).finalFrom).toBe(1_250);
});
