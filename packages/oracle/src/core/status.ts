import { never } from "@sooth/kernel";
import { type AnswerWord, INVALID } from "./answer-word.ts";
import type { Terms } from "./terms.ts";

/** What a consumer sees. `disputed`: the ladder decides, and nothing is to be acted on meanwhile. */
export type QuestionStatus = "unknown" | "open" | "answered" | "disputed" | "final" | "invalid";

/**
 * Whether an open question may be answered before `notBefore`. Who opened it again said that it had not ended by then, and
 * moved that time past opensAt. Mirror of Reporting.sol.
 */
export const mayBeEarly = (
  terms: Pick<Terms, "endsEarly" | "opensAt">,
  { notBefore }: Pick<Extract<AnswerWord, { state: "open" }>, "notBefore">,
): boolean => terms.endsEarly && notBefore === terms.opensAt;

/**
 * The status of a stored word at `now` (unix seconds by the chain's clock). Mirror of `Oracle.get`: finality is a
 * function of the word and the clock, nothing is stored when it comes.
 */
export function statusOf(word: AnswerWord, now: number): QuestionStatus {
  switch (word.state) {
    case "none":
      return "unknown";
    case "open":
      return now > word.deadline ? "invalid" : "open";
    case "root":
      return now < word.finalizeAt ? "answered" : "final";
    case "answered":
      if (now < word.finalizeAt) return "answered";
      return word.value === INVALID ? "invalid" : "final";
    case "disputed":
      return "disputed";
    default:
      return never(word);
  }
}
