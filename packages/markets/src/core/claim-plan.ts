import type { Address, Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";

/** A position that has something to claim. */
export type Claimable = { owner: Address; outcome: number; claimed: boolean };
/** `waiting` is any state between queued and mined. */
export type ClaimState = "unknown" | "waiting" | "mined" | "failed";
export type ClaimPlan = {
  /** Transactions to put in the outbox now; `isFirst`: none of its positions was in one that failed. */
  send: { key: string; positions: Claimable[]; isFirst: boolean }[];
  /** Positions whose payment failed by itself, and is tried again later. */
  resting: Claimable[];
  /** Positions whose payment failed by itself as often as it may: only its owner can change that. */
  stuck: Claimable[];
};
/** What to do about one transaction: send it under this key, wait for it, let it rest after it failed, or give it up. */
export type Attempt = { next: "send"; key: string } | { next: "wait" | "rest" | "give_up" };

/** What fails this often fails for a reason that time does not mend. One failure may be a node's that lags behind. */
export const ATTEMPTS = 5;

/** Positions in one transaction: about 45,000 gas each, far below any chain's block. */
export const CLAIMS_EACH = 40;

const POSITIONS = parseAbiParameters([
  "Position[] positions",
  "struct Position { address owner; uint8 outcome; }",
]);

/** Idempotence: the same positions of the same market are the same transaction. */
export const claimKey = (market: Hex, positions: readonly Claimable[]): string =>
  `markets:claim:${market}:${keccak256(encodeAbiParameters(POSITIONS, [positions]))}`;

/** The first attempt has the payment's own key. */
export const keyOfAttempt = (key: string, attempt: number): string =>
  attempt === 1 ? key : `${key}:${attempt}`;

/**
 * The next step of a transaction that is asked for anew when it failed, `attempts` times in all. `again`: it has rested,
 * so that another attempt may be made now.
 */
export function nextAttempt(
  key: string,
  stateOf: (key: string) => ClaimState,
  again: boolean,
  attempts = ATTEMPTS,
): Attempt {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const named = keyOfAttempt(key, attempt);
    const state = stateOf(named);
    if (state === "failed") continue;
    if (state !== "unknown") return { next: "wait" };
    return attempt === 1 || again ? { next: "send", key: named } : { next: "rest" };
  }
  return { next: "give_up" };
}

/**
 * What the keeper sends for a settled market. `positions` are all that have something to claim, claimed ones too, in a
 * fixed order: so the batches stay what they were while people claim by themselves. A batch that failed is halved
 * until the position that makes it fail stands alone; that one is tried again, as `nextAttempt` says.
 */
export function planClaims(
  market: Hex,
  positions: readonly Claimable[],
  stateOf: (key: string) => ClaimState,
  again: boolean,
  attemptsOf: (key: string) => number = () => ATTEMPTS,
): ClaimPlan {
  const plan: ClaimPlan = { send: [], resting: [], stuck: [] };
  for (let from = 0; from < positions.length; from += CLAIMS_EACH)
    planBatch(plan, market, positions.slice(from, from + CLAIMS_EACH), {
      stateOf,
      again,
      attemptsOf,
      isFirst: true,
    });
  return plan;
}

function planBatch(
  plan: ClaimPlan,
  market: Hex,
  batch: readonly Claimable[],
  o: {
    stateOf: (key: string) => ClaimState;
    again: boolean;
    attemptsOf: (key: string) => number;
    isFirst: boolean;
  },
): void {
  if (batch.every(({ claimed }) => claimed)) return;
  const key = claimKey(market, batch);
  const positions = [...batch];
  if (batch.length === 1) {
    const attempt = nextAttempt(key, o.stateOf, o.again, o.attemptsOf(key));
    if (attempt.next === "send")
      plan.send.push({ key: attempt.key, positions, isFirst: o.isFirst && attempt.key === key });
    if (attempt.next === "rest") plan.resting.push(...batch);
    if (attempt.next === "give_up") plan.stuck.push(...batch);
    return;
  }
  const state = o.stateOf(key);
  if (state === "unknown") plan.send.push({ key, positions, isFirst: o.isFirst });
  if (state !== "failed") return;
  const middle = Math.ceil(batch.length / 2);
  for (const half of [batch.slice(0, middle), batch.slice(middle)])
    planBatch(plan, market, half, { ...o, isFirst: false });
}
