import type { KnownWord } from "../answer-word.ts";

/** When a question that stands as `word` at `now` can be final. Unix seconds by the chain's clock. */
export function finalityOf(
  word: KnownWord,
  terms: { deadline: number; liveness: number; endsEarly: boolean },
  now: number,
): { finalFrom: number; finalBy: number } {
  if (word.state === "answered") return { finalFrom: word.finalizeAt, finalBy: word.finalizeAt };
  // An answer in the last second is final a liveness later; without one the question is invalid before that.
  const answerable = terms.endsEarly ? now : Math.max(now, word.notBefore);
  return {
    finalFrom: answerable + terms.liveness,
    finalBy: terms.deadline + terms.liveness,
  };
}
