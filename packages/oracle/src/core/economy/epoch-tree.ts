import { type Address, at, type Hex, need } from "@sooth/kernel";
import { concat, encodeAbiParameters, keccak256, pad } from "viem";
import type { ProviderRecord } from "./epoch-record.ts";

/**
 * The Merkle root of an epoch's records. Mirror of EpochRecord.sol; the cases that bind both:
 * vectors/economy/epoch-record.json. The tree is the standard one of OpenZeppelin, so its tools read it too: leaves
 * hashed twice, in ascending order, pairs sorted.
 */

/** What a leaf says, in the order in which it is encoded. */
export type EpochLeaf = Pick<
  ProviderRecord,
  "domain" | "owner" | "factorBps" | "score" | "strikes" | "suspendedUntil" | "cluster"
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
  const placeOf = new Map<string, number>();
  const leaves = records
    .map((one) => ({ key: `${one.domain} ${one.owner.toLowerCase()}`, hash: leafHash({ ...one, epoch }) }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
  // A heap: the node at i stands over 2i + 1 and 2i + 2, leaves fill it from the end.
  const nodes = Array.from({ length: Math.max(2 * leaves.length - 1, 0) }, (): Hex => "0x");
  for (const [index, { key, hash }] of leaves.entries()) {
    const place = nodes.length - 1 - index;
    nodes[place] = hash;
    placeOf.set(key, place);
  }
  for (let i = leaves.length - 2; i >= 0; i--)
    nodes[i] = pairHash(at(nodes, 2 * i + 1), at(nodes, 2 * i + 2));
  return {
    root: nodes[0] ?? pad("0x", { size: 32 }),
    proofOf: (domain, owner) => {
      const key = `${domain} ${owner.toLowerCase()}`;
      const proof: Hex[] = [];
      for (let i = need(placeOf.get(key), `the record of ${owner}`); i > 0; i = (i - 1) >> 1)
        proof.push(at(nodes, i % 2 === 0 ? i - 1 : i + 1));
      return proof;
    },
  };
}

/** Whether `proof` leads from the leaf to `root`. */
export const isInEpoch = (leaf: EpochLeaf, root: Hex, proof: readonly Hex[]): boolean =>
  proof.reduce(pairHash, leafHash(leaf)) === root;

const pairHash = (a: Hex, b: Hex): Hex => keccak256(a < b ? concat([a, b]) : concat([b, a]));
