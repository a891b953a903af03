import { type Address, type Hex, need } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";
import { leadsTo, merkleTree } from "../merkle.ts";
import type { ProviderRecord } from "./epoch-record.ts";

/**
 * The Merkle root of an epoch's records. Mirror of EpochRecord.sol; the cases that bind both:
 * vectors/economy/epoch-record.json.
 */

/** What a leaf says, in the order in which it is encoded. */
export type EpochLeaf = Pick<
  ProviderRecord,
  "domain" | "owner" | "factorBps" | "score" | "strikes" | "suspendedUntil" | "cluster" | "premium"
> & { epoch: number };

const LEAF = [
  { type: "uint8" },
  { type: "uint32" },
  { type: "address" },
  { type: "uint16" },
  { type: "uint16" },
  { type: "uint8" },
  { type: "uint40" },
  { type: "uint32" },
  { type: "bool" },
] as const;

export const leafHash = (leaf: EpochLeaf): Hex =>
  keccak256(
    keccak256(
      encodeAbiParameters(LEAF, [
        leaf.domain,
        leaf.epoch,
        leaf.owner,
        leaf.factorBps,
        leaf.score,
        leaf.strikes,
        leaf.suspendedUntil,
        leaf.cluster,
        leaf.premium,
      ]),
    ),
  );

export type EpochTree = {
  /** 0 for no records; nothing proves against it. */
  root: Hex;
  /** @throws kernel.missing when there is no record of `owner` in `domain` */
  proofOf: (domain: number, owner: Address) => Hex[];
};

/** The tree over what `epoch` says of everybody, in whatever order the records come. */
export function epochTree(epoch: number, records: readonly Omit<EpochLeaf, "epoch">[]): EpochTree {
  const places = new Map(records.map(({ domain, owner }, place) => [keyOf(domain, owner), place]));
  const tree = merkleTree(records.map((one) => leafHash({ ...one, epoch })));
  return {
    root: tree.root,
    proofOf: (domain, owner) =>
      tree.proofOf(need(places.get(keyOf(domain, owner)), `the record of ${owner}`)),
  };
}

/** Whether `proof` leads from the leaf to `root`. */
export const isInEpoch = (leaf: EpochLeaf, root: Hex, proof: readonly Hex[]): boolean =>
  leadsTo(root, leafHash(leaf), proof);

const keyOf = (domain: number, owner: Address): string => `${domain} ${owner.toLowerCase()}`;
