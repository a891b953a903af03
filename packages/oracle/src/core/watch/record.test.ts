import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { INVALID } from "../answer-word.ts";
import { outcomeOf, type TriedFinding, watcherRecords } from "./record.ts";

const [ALICE, BOB]: Hex[] = ["0xa1", "0xb0"];
const finding = (over: Partial<TriedFinding> = {}): TriedFinding => ({
  watcher: ALICE as Hex,
  question: "0x01",
  at: 100,
  expected: 50n,
  got: 70n,
  tolerance: 5n,
  ended: null,
  ...over,
});

test.each([
  [null, "open"],
  [45n, "borne out"],
  [55n, "borne out"],
  [56n, "neither"],
  [65n, "refuted"],
  [INVALID, "neither"],
] as const)("a question that ends as %s leaves a finding %s", (ended, outcome) => {
  expect(outcomeOf(finding({ ended }))).toBe(outcome);
});

test("who says that it has no answer is borne out where it ends so", () => {
  expect(outcomeOf(finding({ expected: INVALID, ended: INVALID }))).toBe("borne out");
});

test("a watcher is measured by the answers that did not stand since it began", () => {
  const findings = [
    finding({ question: "0x01", at: 100, ended: 50n }),
    finding({ question: "0x02", at: 300, ended: 70n }),
    finding({ watcher: BOB as Hex, question: "0x03", at: 400, ended: 50n }),
  ];
  const overturned = [
    { question: "0x09", at: 50 },
    { question: "0x01", at: 150 },
    { question: "0x03", at: 450 },
  ] as const;
  expect(watcherRecords(findings, overturned)).toEqual([
    {
      watcher: BOB,
      firstAt: 400,
      findings: 1,
      open: 0,
      borneOut: 1,
      refuted: 0,
      neither: 0,
      overturned: 1,
      catchBps: 10_000,
    },
    {
      watcher: ALICE,
      firstAt: 100,
      findings: 2,
      open: 0,
      borneOut: 1,
      refuted: 1,
      neither: 0,
      overturned: 2,
      catchBps: 5_000,
    },
  ]);
  expect(watcherRecords([finding()], [])).toMatchObject([{ open: 1, catchBps: null }]);
  expect(watcherRecords([], overturned)).toEqual([]);
});
