import { lateFrom } from "@sooth/oracle/core";
import type { Dispute, PreparedDispute, QuestionDetail } from "../../api.ts";

/** What a jury may choose: 1 the answer, 2 the claim, 3 neither. */
export const choiceText = (
  choice: number,
  { valueLabel, claimLabel }: Pick<Dispute, "valueLabel" | "claimLabel">,
): string =>
  choice === 1
    ? `the answer, ${valueLabel}`
    : choice === 2
      ? `the claim, ${claimLabel}`
      : choice === 3
        ? "neither, so the question is invalid"
        : "none, no supermajority";

/** With a capital, where it stands by itself. */
export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const STAGES: Record<Dispute["stage"], string> = {
  disputed: "Waiting for providers to report anew, or for a jury",
  confirmed: "Other providers said the same; may be appealed",
  sitting: "A jury sits",
  ruled: "A jury decided; may be appealed",
  corrected: "Corrected by a new report",
  done: "Decided",
};

export const OUTCOMES: Record<NonNullable<Dispute["outcome"]>, string> = {
  uphold: "The answer stands",
  restore: "The first answer stands again",
  replace: "The answer was replaced",
  reopen: "The question is open again",
  invalid: "The question is invalid",
};

/** What became of those who disputed before; never a promise. */
export function recordText({ upheld, overturned }: PreparedDispute["record"]): string {
  const decided = upheld + overturned;
  if (decided === 0) return "No dispute has been decided here before.";
  const part = Math.round((overturned * 100) / decided);
  return `Of ${decided} dispute${decided === 1 ? "" : "s"} decided before, ${overturned} overturned the answer (${part}%).`;
}

/** What a claim can be: every other outcome by its label, and the two that any question has. `answer` is the label that stands. */
export const claimsAgainst = (outcomes: readonly string[], answer: string): string[] =>
  [...outcomes, "too early", "invalid"].filter((label) => label !== answer);

/** Whether somebody may object to a question's silence, at `now` by the chain's clock. A reopened one opens later. */
export const isSilenceDisputable = (
  { status, terms, opensAt, deadline }: Pick<QuestionDetail, "status" | "terms" | "opensAt" | "deadline">,
  now: number,
): boolean =>
  status === "open" &&
  terms.aggregation !== "root" &&
  now >= Math.max(lateFrom(terms), opensAt) &&
  now <= deadline;

/** What may be backed against the verdict that stands. Where one side says INVALID, neither is the same as that side. */
export const choicesAgainst = ({
  verdict,
  valueLabel,
  claimLabel,
}: Pick<Dispute, "verdict" | "valueLabel" | "claimLabel">): number[] => {
  const saysInvalid = [valueLabel, claimLabel].findIndex((label) => label.toLowerCase() === "invalid") + 1;
  const same = (a: number, b: number) => a === b || (saysInvalid > 0 && a + b === saysInvalid + 3);
  return [1, 2, ...(saysInvalid === 0 ? [3] : [])].filter((choice) => !same(choice, verdict));
};

/** Whether an appeal is still taken, at `now` by the chain's clock. */
export const isAppealable = ({ stage, until, tier }: Dispute, now: number): boolean =>
  (stage === "confirmed" || (stage === "ruled" && tier < 2)) && until !== null && now < until;
