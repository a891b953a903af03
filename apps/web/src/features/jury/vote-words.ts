import { t } from "@lingui/core/macro";
import type { Jury } from "../../api.ts";

type Seats = Pick<Jury, "needed" | "sealed" | "nextJury" | "dispute" | "terms" | "votes">;

/** What it takes for a verdict, and how many took part so far. */
export function oddsText({ needed, sealed, terms, votes }: Seats): string {
  const opened = votes.answer + votes.claim + votes.neither;
  const part = opened > 0 ? t`${opened} opened theirs` : t`${sealed} handed over a sealed vote`;
  return t`A verdict needs ${needed} of ${terms.size} seats; ${part} so far.`;
}

/** What becomes of it when too few agree. Nobody earns then, and nobody who voted loses. */
export function undecidedText({ nextJury, dispute }: Seats): string {
  const then =
    dispute === null
      ? t`the accusation falls`
      : nextJury === null
        ? t`the question ends invalid and everybody is refunded`
        : t`a jury of ${nextJury} hears it, or it ends invalid where none can be drawn`;
  return t`If fewer agree, no seat is paid, nobody loses for how he voted, and ${then}.`;
}
