import { INVALID, TOO_EARLY } from "../answer-word.ts";
import type { JuryChoice } from "../jury/index.ts";
import { differs } from "./dispute.ts";

/**
 * What a juror who found `value` votes: 1 the answer, 2 the claim, 3 neither; null when it cannot tell. What is too early
 * now may be known to others already, so that counts for a claim that says so, and against nothing.
 */
export function choiceFor(
  value: bigint,
  o: { answer: bigint; claim: bigint; tolerance: bigint },
): JuryChoice | null {
  if (value === TOO_EARLY) return o.claim === TOO_EARLY ? 2 : null;
  const [isAnswer, isClaim] = [!differs(value, o.answer, o.tolerance), !differs(value, o.claim, o.tolerance)];
  // Both within tolerance: the nearer one is meant, and between equals the answer stands.
  if (isAnswer && isClaim) return distance(value, o.claim) < distance(value, o.answer) ? 2 : 1;
  if (isAnswer) return 1;
  if (isClaim) return 2;
  // The answer is wrong and the claim is no value: reopened, the right one can still come.
  return o.claim === TOO_EARLY && value !== INVALID ? 2 : 3;
}

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);
