import { type ClaimState, keyOfAttempt } from "./claim-plan.ts";

/** What fails this often is given up: a person looks at it. One failure may be a node's that lags behind. */
export const PHASE_ATTEMPTS = 3;
/** What is given up is tried once more after so long, seconds: what it waits for may come late, and a market that nobody scores is void. */
export const GIVEN_UP_SECONDS = 3_600;

/** Of a phase whose transaction failed: how often, how many failures it may have, and what it waits for. */
export type PhaseFailures = {
  failures: number;
  giveUpAt: number;
  /** The block from which it is tried again; null: it is given up. */
  againBlock: number | null;
  /** Unix seconds at which one that is given up is tried once more. */
  againAt: number | null;
};
/** `send`: the key to send it under now, or null. `failed`: what is new about its failures, or null. */
export type PhasePlan = { send: string | null; failed: PhaseFailures | null };

/** Blocks that a phase rests after its first, second ... failure: 4, 16 ... */
export const restBlocks = (failures: number): number => 4 ** failures;

/**
 * What to do about a phase of a market that is due at `head`: sent once, anew some blocks after it failed, and left to a person after
 * the third failure, or to the next hour. `known`: what was kept of it.
 */
export function planPhase(
  key: string,
  stateOf: (key: string) => ClaimState,
  head: { number: number; timestamp: number },
  known: PhaseFailures | undefined,
): PhasePlan {
  const giveUpAt = known?.giveUpAt ?? PHASE_ATTEMPTS;
  let failures = known?.failures ?? 0;
  while (stateOf(keyOfAttempt(key, failures + 1)) === "failed") failures += 1;
  const next = keyOfAttempt(key, failures + 1);
  if (stateOf(next) !== "unknown") return { send: null, failed: null };
  if (failures > (known?.failures ?? 0)) return { send: null, failed: restOf(failures, giveUpAt, head) };
  if (!known) return { send: next, failed: null };
  const { againBlock, againAt } = known;
  const isDue = againBlock === null ? head.timestamp >= (againAt ?? 0) : head.number >= againBlock;
  return { send: isDue ? next : null, failed: null };
}

function restOf(
  failures: number,
  giveUpAt: number,
  head: { number: number; timestamp: number },
): PhaseFailures {
  if (failures >= giveUpAt)
    return { failures, giveUpAt, againBlock: null, againAt: head.timestamp + GIVEN_UP_SECONDS };
  // A person who has it tried again begins anew, and so do its rests.
  const since = failures + PHASE_ATTEMPTS - giveUpAt;
  return { failures, giveUpAt, againBlock: head.number + restBlocks(since), againAt: null };
}
