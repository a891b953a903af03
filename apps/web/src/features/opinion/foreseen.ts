import { scoreOf } from "@sooth/markets/core";
import type { OpinionMarket } from "../../api.ts";
import { reckon } from "./recompute.ts";

/** Why a market that is closed and not scored yet will be void, as things stand; null where nothing says so. */
export type Foreseen = "empty" | "unanswered" | "invalid" | "confidence" | "weights";

type Closed = Pick<OpinionMarket, "status" | "opinions" | "question" | "terms" | "bands" | "hidden">;

/** As `Opinions.score` will look at it. @param now chain time */
export function foreseenVoid(market: Closed, now: number): Foreseen | null {
  const { status, opinions, question, terms } = market;
  if (status !== "judging") return null;
  if (opinions === 0) return "empty";
  if (question.status === "invalid") return "invalid";
  if (question.status === "open") return now > question.deadline ? "unanswered" : null;
  // A dispute may still bring another answer.
  if (question.status === "disputed" || question.value === null) return null;
  if (question.confidence !== null && question.confidence < terms.minConfidence) return "confidence";
  return reckon(market, scoreOf(BigInt(question.value))).weightOfAll === 0n ? "weights" : null;
}
