import { expect, test } from "vitest";
import { oddsText, undecidedText } from "./vote-words.ts";

const jury = (over: object = {}) => ({
  needed: 6,
  sealed: 4,
  nextJury: 31,
  dispute: "0x12",
  terms: { size: 9 } as Parameters<typeof oddsText>[0]["terms"],
  votes: { answer: 0, claim: 0, neither: 0, drawn: 9 },
  ...over,
});

test("the odds say what a verdict needs, and how many took part", () => {
  expect(oddsText(jury())).toBe("A verdict needs 6 of 9 seats; 4 handed over a sealed vote so far.");
  expect(oddsText(jury({ votes: { answer: 2, claim: 1, neither: 0, drawn: 9 } }))).toBe(
    "A verdict needs 6 of 9 seats; 3 opened theirs so far.",
  );
});

test("what comes of no verdict depends on the jury", () => {
  expect(undecidedText(jury())).toContain("a jury of 31 hears it");
  expect(undecidedText(jury({ nextJury: null }))).toContain("ends invalid and everybody is refunded");
  expect(undecidedText(jury({ nextJury: null, dispute: null }))).toContain("the accusation falls");
});
