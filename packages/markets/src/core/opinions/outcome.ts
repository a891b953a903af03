import type { Amount } from "@sooth/kernel";
import { type AnswerWord, statusOf } from "@sooth/oracle/core";
import { scoreOf, tally, weightOfAll } from "../rules/bands.ts";
import type { OpinionResult } from "./approval.ts";
import type { OpinionTerms } from "./terms.ts";

/** What scoring a market would do now. Mirror of `Opinions.score`, in its order: what is void needs nobody's approval. */
export type OpinionOutcome =
  | { kind: "waiting" }
  | { kind: "void"; why: "invalid" | "confidence" | "weights" }
  | { kind: "result"; result: OpinionResult };

/** What of a market decides. `staked` and `opinions`: by band, stances that are known. */
export type ScorableMarket = {
  id: OpinionResult["market"];
  terms: Pick<OpinionTerms, "minConfidence" | "rule">;
  book: { staked: readonly Amount[]; opinions: readonly number[] };
};

/** A pure function of the chain's state at `now`, unix seconds. */
export function opinionOutcome(
  { id, terms, book }: ScorableMarket,
  word: Exclude<AnswerWord, { state: "root" }>,
  now: number,
): OpinionOutcome {
  const status = statusOf(word, now);
  if (status === "invalid") return { kind: "void", why: "invalid" };
  if (status !== "final" || word.state !== "answered") return { kind: "waiting" };
  if (word.confidence < terms.minConfidence) return { kind: "void", why: "confidence" };
  const score = scoreOf(word.value);
  const ended = tally(book.staked, score, terms.rule);
  if (weightOfAll(terms.rule, ended) === 0n) return { kind: "void", why: "weights" };
  const count = book.opinions.reduce((all, one) => all + one, 0);
  return {
    kind: "result",
    result: { market: id, total: ended.total, count, score, confidence: word.confidence },
  };
}
