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
  /** Of what he puts down in a day, for all questions together. */
  left: bigint;
  /** His credit with the oracle. */
  credit: bigint;
};
/** What was put down for one question, and when: unix seconds. */
export type PutDown = { deposit: bigint; at: number };
export const A_DAY = 86_400;

/** What may still be put down at `now`, of so much in any day. */
export function leftOfDay(most: bigint, put: Iterable<PutDown>, now: number): bigint {
  let left = most;
  for (const { deposit, at } of put) if (at > now - A_DAY) left -= deposit;
  return left > 0n ? left : 0n;
}

/** Who was looked at longest ago comes first, and of equals who ends first: what is slow to read holds up no others. */
export const inTurn = <T extends { look: { at: number }; word: { deadline: number } }>(
  due: readonly T[],
): T[] => due.toSorted((a, b) => a.look.at - b.look.at || a.word.deadline - b.word.deadline);

export type SilenceReading = { do: "claim"; value: bigint } | { do: "wait" | "give_up"; why: string };
/** What a watcher read himself. */
export type OwnLooks = {
  /** The value of his first look; null before it. */
  first: bigint | null;
  now: Finding;
};

/**
 * Whether a watcher who read this himself objects to the silence with it. It is his own money: when he is right he is short of the
 * jury's quarter, for nobody put anything down against him, and when he is wrong he loses it all. So he does only where providers
 * can report anew, which takes no jury, and where his sources say the same twice. @param totalWeight of the domain's signers
 */
export function silenceReading(
  { min, max, tolerance, secures }: Pick<Terms, "min" | "max" | "tolerance" | "secures">,
  { first, now }: OwnLooks,
  totalWeight: bigint,
  { deposit, most, left, credit }: WatcherPurse,
): SilenceReading {
  if (totalWeight === 0n) return giveUp("nobody has a seat in its domain, so nobody can report anew");
  if (3n * secures > totalWeight)
    return giveUp("it secures more than all who could answer stake, so no re-report is taken");
  if (deposit > most) return giveUp(`the deposit is ${deposit}, and ${most} is the most`);
  if (now.do === "abstain") return { do: "wait", why: now.why };
  // What silence comes to already, or that it was too early, corrects nothing.
  if (isSentinel(now.value)) return giveUp("its own reading has no value either");
  if (now.value < min || now.value > max) return giveUp("its own reading is out of bounds");
  if (first === null) return { do: "wait", why: "it looks once more before it puts anything down" };
  const moved = now.value > first ? now.value - first : first - now.value;
  if (moved > tolerance) return giveUp(`its sources said ${first} before and say ${now.value} now`);
  if (left < deposit)
    return {
      do: "wait",
      why: `the deposit is ${deposit}, and ${left} is left of what it puts down in a day`,
    };
  if (credit < deposit)
    return { do: "wait", why: `its credit with the oracle is ${credit}, and the deposit ${deposit}` };
  return { do: "claim", value: first };
}

const giveUp = (why: string): SilenceReading => ({ do: "give_up", why });
