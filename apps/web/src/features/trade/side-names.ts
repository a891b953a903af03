import { t } from "@lingui/core/macro";
import type { QuestionDetail } from "../../api.ts";

/** What its two sides are called: by the question's own words, else yes and no. */
export type SideNames = { yes: string; no: string };

export function sidesOf({ schema: { outcomes } }: Pick<QuestionDetail, "schema">): SideNames {
  const [no, yes] = outcomes;
  return yes !== undefined && no !== undefined ? { yes, no } : { yes: t`Yes`, no: t`No` };
}
