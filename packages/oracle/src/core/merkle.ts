import { at, type Hex, need } from "@sooth/kernel";
import { concat, keccak256, pad } from "viem";

/**
 * The one Merkle tree there is: the standard one of OpenZeppelin, so its tools read it too. Leaves, hashed twice by who
 * makes them, stand in ascending order, pairs are sorted before they are hashed.
 */
export type MerkleTree = {
  /** 0 for no leaves; nothing proves against it. */
  root: Hex;
  /** Of the leaf that was given in this place. @throws kernel.missing when there is none */
  proofOf: (place: number) => Hex[];
};

/** The tree over these leaves, in whatever order they come. */
export function merkleTree(leaves: readonly Hex[]): MerkleTree {
  const sorted = leaves
    .map((hash, place) => ({ hash, place }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
  // A heap: the node at i stands over 2i + 1 and 2i + 2, leaves fill it from the end.
  const nodes = Array.from({ length: Math.max(2 * sorted.length - 1, 0) }, (): Hex => "0x");
  const nodeOf = new Map<number, number>();
  for (const [index, { hash, place }] of sorted.entries()) {
    nodes[nodes.length - 1 - index] = hash;
    nodeOf.set(place, nodes.length - 1 - index);
  }
  for (let i = sorted.length - 2; i >= 0; i--)
    nodes[i] = pairHash(at(nodes, 2 * i + 1), at(nodes, 2 * i + 2));
  return {
    root: nodes[0] ?? pad("0x", { size: 32 }),
    proofOf: (place) => {
      const proof: Hex[] = [];
      for (let i = need(nodeOf.get(place), `leaf ${place}`); i > 0; i = (i - 1) >> 1)
        proof.push(at(nodes, i % 2 === 0 ? i - 1 : i + 1));
      return proof;
    },
  };
}

/** Whether `proof` leads from the leaf to `root`. */
export const leadsTo = (root: Hex, leaf: Hex, proof: readonly Hex[]): boolean =>
  proof.reduce(pairHash, leaf) === root;

const pairHash = (a: Hex, b: Hex): Hex => keccak256(a < b ? concat([a, b]) : concat([b, a]));
