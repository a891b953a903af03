import { expect, test } from "vitest";
import { nextStep, type OpinionState } from "./next-step.ts";
import { expiresAt, opinionStatusAt } from "./status.ts";

const DAY = 86_400;
const CLOSES = 1_800_000_000;
const state: OpinionState = {
  closesAt: CLOSES,
  prizeBps: 500,
  ending: "none",
  answer: "open",
  finalAt: CLOSES + DAY,
  roundAt: null,
  drawn: false,
  needsApproval: false,
};
const facts = { closesAt: CLOSES, revealSeconds: 60, prizeBps: 500, ending: "none", drawn: false } as const;

test.each([
  ["open", facts, CLOSES - 1],
  ["revealing", facts, CLOSES],
  ["judging", facts, CLOSES + 60],
  ["judging", { ...facts, revealSeconds: 0 }, CLOSES],
  ["drawing", { ...facts, ending: "scored" as const }, CLOSES + DAY],
  ["settled", { ...facts, ending: "scored" as const, drawn: true }, CLOSES + DAY],
  ["settled", { ...facts, ending: "scored" as const, prizeBps: 0 }, CLOSES + DAY],
  ["settled", { ...facts, ending: "undrawn" as const }, CLOSES + DAY],
  ["void", { ...facts, ending: "void" as const }, CLOSES + DAY],
])("it is %s", (status, about, now) => expect(opinionStatusAt(about, now)).toBe(status));

test("a market may be voided two weeks after closing, or after its answer became final", () => {
  expect(expiresAt(CLOSES, null)).toBe(CLOSES + 14 * DAY);
  expect(expiresAt(CLOSES, CLOSES + DAY)).toBe(CLOSES + 15 * DAY);
});

const answered = { answer: "answered" } as const;
const scored = { ...answered, ending: "scored", roundAt: CLOSES + DAY } as const;
test.each<[string | null, Partial<OpinionState>, number]>([
  // An answer that anybody may still object to.
  [null, answered, CLOSES + DAY - 1],
  ["score", answered, CLOSES + DAY],
  // Over without an answer: scoring voids it.
  ["score", {}, CLOSES + DAY],
  [null, { answer: "disputed" }, CLOSES + 100 * DAY],
  // A question that stays open for long.
  [null, { finalAt: CLOSES + 30 * DAY }, CLOSES + 14 * DAY - 1],
  ["expire", { finalAt: CLOSES + 30 * DAY }, CLOSES + 14 * DAY],
  // Answered late, and not final: whoever lost could wait for the refund.
  [null, { ...answered, finalAt: CLOSES + 30 * DAY }, CLOSES + 20 * DAY],
  // Where people approve.
  [null, { ...answered, needsApproval: true }, CLOSES + 15 * DAY - 1],
  ["expire", { ...answered, needsApproval: true }, CLOSES + 15 * DAY],
  // The draw.
  [null, scored, CLOSES + 2 * DAY - 1],
  ["rearm", scored, CLOSES + 2 * DAY],
  ["rearm", scored, CLOSES + 28 * DAY - 1],
  ["forgo", scored, CLOSES + 28 * DAY],
  [null, { ...scored, roundAt: CLOSES + 28 * DAY }, CLOSES + 29 * DAY - 1],
  [null, { ...scored, drawn: true }, CLOSES + 28 * DAY],
  [null, { ...scored, prizeBps: 0, roundAt: null }, CLOSES + 28 * DAY],
  [null, { ...answered, ending: "void" }, CLOSES + 28 * DAY],
  [null, { ...answered, ending: "undrawn" }, CLOSES + 28 * DAY],
])("%s is due: %o at %i", (step, some, now) => expect(nextStep({ ...state, ...some }, now)).toBe(step));
