import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { type Happened, ladderOf, type LadderSeen } from "./ladder-view.ts";

const hash = (n: number): Hex => `0x${String(n).padStart(64, "0")}`;
const step = (kind: Happened["kind"], transaction: Hex, over: Partial<Happened> = {}): Happened => ({
  kind,
  at: 1_200,
  transaction,
  jury: null,
  tier: null,
  choice: null,
  who: null,
  until: null,
  ...over,
});
const reportedAnew = (over: Partial<LadderSeen>) =>
  ladderOf({
    answeredAt: 1_000,
    answeredIn: hash(1),
    isSilence: false,
    valueLabel: "Yes",
    claimLabel: "No",
    disputer: "0xdd",
    at: 1_100,
    openedIn: hash(2),
    deposit: "250",
    isJuryOnly: false,
    stage: "sitting",
    steps: [],
    isStoodBy: false,
    rereportUntil: 1_300,
    appealUntil: null,
    jury: null,
    outcome: null,
    endedAt: null,
    endedIn: null,
    pauses: [],
    ...over,
  }).find(({ name }) => name === "Reported anew")?.detail;

test("whoever reports anew decides, unless all stood by the answer and called a jury with it", () => {
  const decisive = "Providers looked again, and that was decisive.";
  const again = step("rereported", hash(3));
  const called = [again, step("convened", hash(3), { jury: hash(9), tier: 0 })];
  expect(reportedAnew({ steps: called, isStoodBy: true })).toBe("Signers stood by it; a jury hears it.");
  expect(reportedAnew({ steps: called })).toBe(decisive);
  expect(reportedAnew({ steps: [again], stage: "confirmed", isStoodBy: true })).toBe(decisive);
  // A jury that an appeal called later says nothing of the report.
  const appealed = [again, step("convened", hash(4), { jury: hash(9), tier: 0 })];
  expect(reportedAnew({ steps: appealed, isStoodBy: true })).toBe(decisive);
});
