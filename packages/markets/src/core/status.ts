import type { Amount } from "@sooth/kernel";
import { type AnswerWord, INVALID } from "@sooth/oracle/core";
import type { z } from "zod";
import { resultFor, type Result } from "./rules/parimutuel.ts";
import { type MarketTerms, outcomeOf } from "./terms.ts";
import type { marketStatus } from "./wire.ts";

export type MarketStatus = z.infer<typeof marketStatus>;

/**
 * How a market will end, as far as it is known: `at` (unix seconds) is the first moment at which it has ended so.
 * Without an answer that is void, from right after the question's deadline on.
 */
export type Ending = { at: number; result: Result; answered: boolean };

/** While somebody objects a market has no end: later than any clock, and still a date. */
export const NEVER = 253_402_300_799;

/** The ending that a stored answer word leads to. `deadline` is the question's; pools no longer change by then. */
export function endingOf(
  word: AnswerWord,
  deadline: number,
  terms: Pick<MarketTerms, "cuts">,
  pools: readonly Amount[],
): Ending {
  const at = finalityOf(word, deadline);
  if (word.state !== "answered") return { at, result: { kind: "void" }, answered: false };
  const result: Result =
    word.value === INVALID ? { kind: "void" } : resultFor(pools, outcomeOf(word.value, terms));
  return { at, result, answered: true };
}

/** From when on nothing changes an answer word any more. A question that nobody answered is invalid from right after its deadline on. */
export function finalityOf(word: AnswerWord, deadline: number): number {
  if (word.state === "disputed") return NEVER;
  return word.state === "answered" ? word.finalizeAt : deadline + 1;
}

/** Lazy like the contracts: nothing is stored when a market closes or settles, the clock alone decides. */
export function marketStatusAt(closesAt: number, ending: Ending, now: number): MarketStatus {
  if (now >= ending.at) return ending.result.kind === "won" ? "settled" : "void";
  if (ending.answered) return "answered";
  return now < closesAt ? "trading" : "closed";
}
