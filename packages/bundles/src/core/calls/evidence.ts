import type { Hex } from "@sooth/kernel";
import { valuesEncoder } from "../encoder.ts";
import { type Fact, factTree } from "../facts.ts";

/** A batch of facts that a quorum of one epoch signed: everything that it says stands in it, in the order of its tree. */
export type AttestedBatch = {
  facts: readonly Fact[];
  root: Hex;
  epoch: number;
  /** Unix seconds. */
  validUntil: number;
  /** Bitmap of who signed. */
  seats: bigint;
  /** r | vs, 64 bytes each, ascending by seat. */
  signatures: Hex;
};

export const BATCH = [
  {
    type: "tuple",
    components: [
      { name: "root", type: "bytes32" },
      {
        name: "signed",
        type: "tuple",
        components: [
          { name: "epoch", type: "uint32" },
          { name: "validUntil", type: "uint40" },
          { name: "seats", type: "uint256" },
          { name: "signatures", type: "bytes" },
        ],
      },
      { name: "path", type: "bytes32[]" },
      { name: "flags", type: "bool[]" },
    ],
  },
] as const;
const encode = /* @__PURE__ */ valuesEncoder(BATCH);

/**
 * What `Attesters.check` takes as evidence of the facts at these places of the batch, ascending; all of them when not given,
 * which wants no proof.
 */
export function encodeEvidence(batch: AttestedBatch, places?: readonly number[]): Hex {
  const { root, epoch, validUntil, seats, signatures, facts } = batch;
  const whole = places === undefined || places.length === facts.length;
  const { proof, flags } = whole ? { proof: [], flags: [] } : factTree(facts).multiproofOf(places);
  return encode([{ root, signed: { epoch, validUntil, seats, signatures }, path: proof, flags }]);
}
