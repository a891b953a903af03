import type { KnownWord } from "../answer-word.ts";
import { mayBeEarly } from "../status.ts";
import type { Terms } from "../terms.ts";

/** Seconds: three juries, their appeals and a pause take less. */
const LONGEST_DISPUTE = 90 * 86_400;

/** When a question that stands as `word` at `now` can be final. Unix seconds by the chain's clock. */
export function finalityOf(
  word: KnownWord,
  terms: Pick<Terms, "opensAt" | "deadline" | "liveness" | "endsEarly">,
  now: number,
): { finalFrom: number; finalBy: number } {
  if (word.state === "disputed") return { finalFrom: now, finalBy: now + LONGEST_DISPUTE };
  if (word.state !== "open") return { finalFrom: word.finalizeAt, finalBy: word.finalizeAt };
  // An answer in the last second is final a liveness later; without one the question is invalid before that.
  const answerable = mayBeEarly(terms, word) ? now : Math.max(now, word.notBefore);
  return {
    finalFrom: answerable + terms.liveness,
    finalBy: terms.deadline + terms.liveness,
  };
}
