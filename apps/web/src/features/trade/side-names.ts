import { t } from "@lingui/core/macro";
import { ONE } from "@sooth/markets/core";
import { labelOf } from "@sooth/oracle/core";
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

type Bounded = { schema: QuestionDetail["schema"]; terms: Pick<QuestionDetail["terms"], "min" | "max"> };

/** Of a number: the answers at which yes is worth nothing, and all, as the page says them. */
export const boundsOf = ({ schema, terms: { min, max } }: Bounded): { lower: string; upper: string } => ({
  lower: labelOf(BigInt(min), schema),
  upper: labelOf(BigInt(max), schema),
});

/**
 * The answer at which a yes, or a no, is worth just this many millionths: whoever buys it for as much neither gains nor loses there.
 * Rounded down, to be shown.
 */
export function evenAt(price: bigint, token: keyof SideNames, { schema, terms }: Bounded): string {
  const [min, max] = [BigInt(terms.min), BigInt(terms.max)];
  const ofYes = token === "yes" ? price : ONE - price;
  return labelOf(min + ((max - min) * ofYes) / ONE, schema);
}
