import { t } from "@lingui/core/macro";
import type { QuestionDetail } from "../../api.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** What its two sides are called: by the question's own words, else yes and no. */
export type SideNames = { yes: string; no: string };

export function sidesOf({ schema: { outcomes } }: Pick<QuestionDetail, "schema">): SideNames {
  const [no, yes] = outcomes;
  return outcomes.length === 2 && yes !== undefined && no !== undefined
    ? { yes: sayAnswer(yes), no: sayAnswer(no) }
    : { yes: t`Yes`, no: t`No` };
}

/** What these tokens pay where the question ends without an answer: a half each, of a choice among n an nth to yes. Rounded down. */
export const unanswered = (amount: bigint, token: keyof SideNames, outcomes: number): bigint => {
  const parts = BigInt(Math.max(outcomes, 2));
  return token === "yes" ? amount / parts : (amount * (parts - 1n)) / parts;
};
