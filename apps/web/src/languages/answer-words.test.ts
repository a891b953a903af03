import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { sayAnswer } from "./answer-words.ts";

test("what the rules name is said, with what it holds; what somebody wrote stays", () => {
  i18n.load("xx", {});
  i18n.activate("xx");
  expect(["Yes", "No", "too early", "invalid"].map(sayAnswer)).toEqual(["Yes", "No", "too early", "invalid"]);
  expect(sayAnswer("below 2,300 USD")).toBe("below 2,300 USD");
  expect(sayAnswer("2,300 USD or more")).toBe("2,300 USD or more");
  expect(sayAnswer("2,300 to below 2,500 USD")).toBe("2,300 to below 2,500 USD");
  expect(sayAnswer("below average")).toBe("below average");
});
