import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { lateFrom } from "@sooth/oracle/core";
import type { Dispute, PreparedDispute, QuestionDetail } from "../../api.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** What a jury may choose: 1 the answer, 2 the claim, 3 neither. */
export const choiceText = (choice: number, labels: Pick<Dispute, "valueLabel" | "claimLabel">): string => {
  const [valueLabel, claimLabel] = [sayAnswer(labels.valueLabel), sayAnswer(labels.claimLabel)];
  return choice === 1
    ? t`the answer, ${valueLabel}`
    : choice === 2
      ? t`the claim, ${claimLabel}`
      : choice === 3
        ? t`neither, so the question is invalid`
        : t`none, no supermajority`;
};

/** With a capital, where it stands by itself. */
export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const STAGES: Record<Dispute["stage"], MessageDescriptor> = {
  disputed: msg`Waiting for providers to report anew, or for a jury`,
  confirmed: msg`Other providers said the same; may be appealed`,
  sitting: msg`A jury sits`,
  ruled: msg`A jury decided; may be appealed`,
  corrected: msg`Corrected by a new report`,
  done: msg`Decided`,
};

const OUTCOMES: Record<NonNullable<Dispute["outcome"]>, MessageDescriptor> = {
  uphold: msg`The answer stands`,
  restore: msg`The first answer stands again`,
  replace: msg`The answer was replaced`,
  reopen: msg`The question is open again`,
  invalid: msg`The question is invalid`,
};

/** Where a dispute stands, or how it ended. */
export const standsText = ({ stage, outcome }: Pick<Dispute, "stage" | "outcome">): string =>
  i18n._(outcome === null ? STAGES[stage] : OUTCOMES[outcome]);

/** What became of those who disputed before; never a promise. */
export function recordText({ upheld, overturned }: PreparedDispute["record"]): string {
  const decided = upheld + overturned;
  if (decided === 0) return t`No dispute has been decided here before.`;
  const part = Math.round((overturned * 100) / decided);
  const overturns = t`${overturned} overturned the answer (${part}%)`;
  return plural(decided, {
    one: `Of # dispute decided before, ${overturns}.`,
    other: `Of # disputes decided before, ${overturns}.`,
  });
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
