import type { z } from "zod";
import { OPINION_LIMITS } from "./terms.ts";
import type { opinionStatus } from "./wire.ts";

export type OpinionStatus = z.infer<typeof opinionStatus>;
/** How the contract ended it, as its logs tell. */
export type OpinionEnding = "none" | "void" | "scored" | "undrawn";

/** What of a market decides what is due, and what people are told. Unix seconds. */
export type OpinionFacts = {
  closesAt: number;
  revealSeconds: number;
  prizeBps: number;
  ending: OpinionEnding;
  /** Of the round that draws; null: none is named. */
  roundAt: number | null;
  /** Whether that round is proved. */
  drawn: boolean;
};

/** Lazy like the contracts: nothing is stored when a market closes, the clock alone decides. */
export function opinionStatusAt(facts: Omit<OpinionFacts, "roundAt">, now: number): OpinionStatus {
  switch (facts.ending) {
    case "void":
      return "void";
    case "undrawn":
      return "settled";
    case "scored":
      return facts.prizeBps === 0 || facts.drawn ? "settled" : "drawing";
    case "none":
      if (now < facts.closesAt) return "open";
      return now < facts.closesAt + facts.revealSeconds ? "revealing" : "judging";
  }
}

/** When anybody may void a market that nobody scores, as far as it can be known now: after closing, or after finality. */
export const expiresAt = (closesAt: number, finalAt: number | null): number =>
  Math.max(closesAt, finalAt ?? 0) + OPINION_LIMITS.scoreSeconds;
