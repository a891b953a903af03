import type { Hex } from "@sooth/kernel";
import type { Schedule } from "../core/index.ts";

/** A beacon as its contract knows it: whatever a relay says is held against this. */
export type BeaconIdentity = Schedule & { publicKey: Hex };
/** A round with its signature, which was checked. */
export type SignedRound = { round: bigint; signature: Hex };

/** Where signatures come from. What it gives is the beacon's: an answer that does not hold is no answer. */
export type BeaconSource = {
  /** @throws randomness.beacon_unreachable when no relay gives a signature that holds, as before the round is published */
  fetch(round: bigint, signal?: AbortSignal): Promise<SignedRound>;
  /** The newest round that a relay tells. @throws randomness.beacon_unreachable */
  latest(signal?: AbortSignal): Promise<SignedRound>;
};
