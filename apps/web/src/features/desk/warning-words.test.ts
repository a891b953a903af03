import type { ApprovalWarning } from "@sooth/markets/core";
import { expect, test } from "vitest";
import { warningWords } from "./warning-words.ts";

const ALL: ApprovalWarning[] = [
  { kind: "low_confidence", confidence: 6_500, least: 6_000 },
  { kind: "near_bound", score: 3 },
  { kind: "spread", points: 14 },
  { kind: "few_opinions", count: 1 },
  { kind: "one_large_stake", shareBps: 5_120 },
  { kind: "labels_differ", opinions: 2 },
  { kind: "far_from_crowd", points: 31 },
  { kind: "unsure_sheets", confidence: 4_000 },
  { kind: "unreadable_sheets", providers: 2 },
];

test.each(ALL)("$kind is a sentence with its figures", (warning) => {
  const text = warningWords(warning);
  expect(text).toMatch(/^[A-Z].*\.$/);
  expect(text).not.toMatch(/undefined|NaN/);
});

test("figures are told as people read them", () => {
  expect(ALL.slice(0, 5).map(warningWords).join(" ")).toMatch(/65%.*60%.*3:.*14 points.*one opinion.*51\.2%/);
});
