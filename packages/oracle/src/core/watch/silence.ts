import { isSentinel } from "../answer-word.ts";
import type { Finding } from "../consensus.ts";
import { silenceFrom } from "../disputes/index.ts";
import type { Terms } from "../terms.ts";

/**
 * From when on a watcher objects to a silence, unix seconds: in the last quarter of the time for it. Until then whoever holds
 * providers' reports may object with what they say.
 */
export const watcherClaimFrom = (
  terms: Pick<Terms, "opensAt" | "deadline">,
  word: { notBefore: number },
): number => {
  const from = silenceFrom(terms, word);
  return from + Math.ceil((3 * (terms.deadline - from)) / 4);
};

/** What a watcher may put down. Collateral, in its smallest unit. */
export type WatcherPurse = {
  /** What the contract takes. */
  deposit: bigint;
  /** For one question at most. */
  most: bigint;
  /** His credit with the oracle. */
  credit: bigint;
};
export type SilenceReading = { do: "claim"; value: bigint } | { do: "wait" | "give_up"; why: string };

/**
 * Whether a watcher who read this himself objects to the silence with it. It is his own money: when he is right he is short of the
 * jury's quarter, for nobody put anything down against him, and when he is wrong he loses it all.
 */
export function silenceReading(
  { min, max }: Pick<Terms, "min" | "max">,
  own: Finding,
  { deposit, most, credit }: WatcherPurse,
): SilenceReading {
  if (deposit > most) return { do: "give_up", why: `the deposit is ${deposit}, and ${most} is the most` };
  if (own.do === "abstain") return { do: "wait", why: own.why };
  // What silence comes to already, or that it was too early, corrects nothing.
  if (isSentinel(own.value)) return { do: "give_up", why: "its own reading has no value either" };
  if (own.value < min || own.value > max) return { do: "give_up", why: "its own reading is out of bounds" };
  if (credit < deposit)
    return { do: "wait", why: `its credit with the oracle is ${credit}, and the deposit ${deposit}` };
  return { do: "claim", value: own.value };
}
