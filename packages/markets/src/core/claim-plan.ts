import type { Address, Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";

/** A position that has something to claim. */
export type Claimable = { owner: Address; outcome: number; claimed: boolean };
/** `waiting` is any state between queued and mined. */
export type ClaimState = "unknown" | "waiting" | "mined" | "failed";
export type ClaimPlan = {
  /** Transactions to put in the outbox now. */
  send: { key: string; positions: Claimable[] }[];
  /** Positions whose owner's transfer fails by itself: only he can change that. */
  stuck: Claimable[];
};

/** Positions in one transaction: about 45,000 gas each, far below any chain's block. */
export const CLAIMS_EACH = 40;

const POSITIONS = parseAbiParameters([
  "Position[] positions",
  "struct Position { address owner; uint8 outcome; }",
]);

/** Idempotence: the same positions of the same market are the same transaction. */
export const claimKey = (market: Hex, positions: readonly Claimable[]): string =>
  `markets:claim:${market}:${keccak256(encodeAbiParameters(POSITIONS, [positions]))}`;

/**
 * What the keeper sends for a settled market. `positions` are all that have something to claim, claimed ones too, in a
 * fixed order: so the batches stay what they were while people claim by themselves. A batch that failed is halved
 * until the position that makes it fail stands alone.
 */
export function planClaims(
  market: Hex,
  positions: readonly Claimable[],
  stateOf: (key: string) => ClaimState,
): ClaimPlan {
  const plan: ClaimPlan = { send: [], stuck: [] };
  for (let from = 0; from < positions.length; from += CLAIMS_EACH)
    planBatch(plan, market, positions.slice(from, from + CLAIMS_EACH), stateOf);
  return plan;
}

function planBatch(
  plan: ClaimPlan,
  market: Hex,
  batch: readonly Claimable[],
  stateOf: (key: string) => ClaimState,
): void {
  if (batch.every(({ claimed }) => claimed)) return;
  const key = claimKey(market, batch);
  const state = stateOf(key);
  if (state === "unknown") plan.send.push({ key, positions: [...batch] });
  if (state !== "failed") return;
  if (batch.length === 1) {
    plan.stuck.push(...batch);
    return;
  }
  const middle = Math.ceil(batch.length / 2);
  planBatch(plan, market, batch.slice(0, middle), stateOf);
  planBatch(plan, market, batch.slice(middle), stateOf);
}
