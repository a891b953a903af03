import { expect, test } from "vitest";
import { effectTokens, feelingTokens, feelingsOf } from "./feelings.ts";

const tokens = "<subject> can prevent a terrible crime , not <against> happy people".split(" ");

test("keeps feelings by their sign, what bends them, and the placeholders", () => {
  expect(feelingTokens(tokens).join(" ")).toBe("<subject> <bad> <bad> <bad> , not <against> <good>");
});
test("marks what lessens, and keeps may and must", () => {
  expect(effectTokens(tokens).join(" ")).toBe("<subject> can <less> <bad> <bad> , not <against> <good>");
});
test("a negation turns the feelings of the next three words", () => {
  const [plain, negated] = [feelingsOf(["good"]), feelingsOf(["not", "good"])];
  expect(negated).toEqual({ ...plain, sum: -plain.sum });
  expect(feelingsOf("not a b c good".split(" "))).toEqual(plain);
});
