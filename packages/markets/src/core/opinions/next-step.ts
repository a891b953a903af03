import { OPINION_LIMITS } from "./terms.ts";
import type { OpinionEnding } from "./status.ts";

/** What the chain says of one market, unix seconds. */
export type OpinionState = {
  closesAt: number;
  prizeBps: number;
  ending: OpinionEnding;
  /** Whether its answer is under objection, or may be: then nobody scores it, and nobody expires it. */
  answer: "open" | "answered" | "disputed";
  /** Answered: when it is final. Open: when the question is over without one, and so invalid. */
  finalAt: number;
  /** Of the round that draws; null: none is named. */
  roundAt: number | null;
  drawn: boolean;
  /** Whether people have still to approve what it comes to: then nobody scores it. */
  needsApproval: boolean;
};

/** One transaction of the contract that is due and changes how the market stands. */
export type OpinionStep = "score" | "expire" | "rearm" | "forgo";

/** The step that is due at `now`, or null. A pure function of the chain's state: who asks twice, or on two machines, hears the same. */
export function nextStep(state: OpinionState, now: number): OpinionStep | null {
  const { closesAt, ending, answer, finalAt } = state;
  if (ending === "scored") return drawStep(state, now);
  if (ending !== "none" || answer === "disputed") return null;
  const isFinal = now >= finalAt;
  if (isFinal && !state.needsApproval) return "score";
  const from = answer === "answered" ? Math.max(closesAt, finalAt) : closesAt;
  const mayExpire = answer === "open" || isFinal;
  return mayExpire && now >= from + OPINION_LIMITS.scoreSeconds ? "expire" : null;
}

/** A round that nobody could prove for a day is replaced; after four weeks the prizes go to the stakes. */
function drawStep({ prizeBps, drawn, roundAt, closesAt }: OpinionState, now: number): OpinionStep | null {
  if (prizeBps === 0 || drawn || roundAt === null) return null;
  if (now < roundAt + OPINION_LIMITS.roundSeconds) return null;
  return now >= closesAt + OPINION_LIMITS.seedSeconds ? "forgo" : "rearm";
}
