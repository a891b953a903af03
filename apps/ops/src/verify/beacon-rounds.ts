import { AppError, type Hex } from "@sooth/kernel";
import { type BeaconIdentity, drandClient } from "@sooth/randomness";

/** Signatures of the beacon's rounds that no log has. */
export type BeaconRounds = {
  /** Null where nobody gives it. What it gives is for the reader to check. */
  signatureOf(beacon: BeaconIdentity, round: bigint): Promise<Hex | null>;
  /** What was given so far: it makes a log file enough to open what is sealed. */
  given(): { round: string; signature: Hex }[];
};

type Given = { round: string; signature: Hex };

/** First what a log file kept, then the relays in their order; without any nobody is asked. */
export function beaconRounds(kept: readonly Given[], relays: readonly string[]): BeaconRounds {
  const known = new Map(kept.map(({ round, signature }) => [BigInt(round), signature]));
  return {
    async signatureOf(beacon, round) {
      const signature = known.get(round) ?? (await askRelays(beacon, round, relays));
      if (signature !== null) known.set(round, signature);
      return signature;
    },
    given: () => [...known].map(([round, signature]) => ({ round: String(round), signature })),
  };
}

async function askRelays(
  beacon: BeaconIdentity,
  round: bigint,
  urls: readonly string[],
): Promise<Hex | null> {
  if (urls.length === 0) return null;
  try {
    return (await drandClient({ identity: async () => beacon, urls }).fetch(round)).signature;
  } catch (error) {
    // What nobody opens is told as that: everything else can still be recomputed.
    if (error instanceof AppError && error.code === "randomness.beacon_unreachable") return null;
    throw error;
  }
}
