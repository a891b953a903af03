import type { AttestedBatch, Fact, WireBundleDetail } from "../core/index.ts";

/** What attesters have signed, as far as it is at hand. */
export type Attested = {
  /** Whether a quorum signed the fact. */
  has(fact: Fact): boolean;
  /** A batch of these facts alone, in this order, that is valid still. */
  batchOf(facts: readonly Fact[]): AttestedBatch | null;
  shown: WireBundleDetail["attestations"];
};

/** Where signatures are not kept: nothing can be shown of them. */
export const NOTHING_ATTESTED: Attested = { has: () => false, batchOf: () => null, shown: [] };
