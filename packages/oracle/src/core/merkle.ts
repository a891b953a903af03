import { ascending, at, type Hex, keccak256, need } from "@sooth/kernel";
import { pad } from "viem";

/**
 * The one Merkle tree there is: the standard one of OpenZeppelin, so its tools read it too. Pairs are sorted before they are
 * hashed. Leaves are hashed by who makes them.
 */
export type MerkleTree = {
  /** 0 for no leaves; nothing proves against it. */
  root: Hex;
  /** Of the leaf that was given in this place. @throws kernel.missing when there is none */
  proofOf: (place: number) => Hex[];
  /** Of several leaves at once. @throws kernel.missing when one of them is not there */
  multiproofOf: (places: readonly number[]) => Multiproof;
};

/** `order` says in which order of their places the leaves must be handed over: the one in which they stand in the tree. */
export type Multiproof = { order: number[]; proof: Hex[]; flags: boolean[] };

/** The tree over these leaves in ascending order, in whatever order they come. */
export const merkleTree = (leaves: readonly Hex[]): MerkleTree =>
  treeOver(leaves.map((hash, place) => ({ hash, place })).toSorted((a, b) => (a.hash < b.hash ? -1 : 1)));

/** The tree over these leaves as they stand: for whoever hands all of them over in an order of his own. */
export const treeInOrder = (leaves: readonly Hex[]): MerkleTree =>
  treeOver(leaves.map((hash, place) => ({ hash, place })));

function treeOver(leaves: readonly { hash: Hex; place: number }[]): MerkleTree {
  // A heap: the node at i stands over 2i + 1 and 2i + 2, leaves fill it from the end.
  const nodes = Array.from({ length: Math.max(2 * leaves.length - 1, 0) }, (): Hex => "0x");
  const nodeOf = new Map<number, number>();
  for (const [index, { hash, place }] of leaves.entries()) {
    nodes[nodes.length - 1 - index] = hash;
    nodeOf.set(place, nodes.length - 1 - index);
  }
  for (let i = leaves.length - 2; i >= 0; i--)
    nodes[i] = pairHash(at(nodes, 2 * i + 1), at(nodes, 2 * i + 2));
  const nodeAt = (place: number): number => need(nodeOf.get(place), `leaf ${place}`);
  return {
    root: nodes[0] ?? pad("0x", { size: 32 }),
    proofOf: (place) => {
      const proof: Hex[] = [];
      for (let i = nodeAt(place); i > 0; i = (i - 1) >> 1) proof.push(at(nodes, besides(i)));
      return proof;
    },
    multiproofOf: (places) => {
      const order = [...new Set(places)].toSorted((a, b) => ascending(nodeAt(b), nodeAt(a)));
      return { order, ...proofOfNodes(nodes, order.map(nodeAt)) };
    },
  };
}

const besides = (node: number): number => (node % 2 === 0 ? node - 1 : node + 1);

/** Nodes come from the deepest on; each pair is either both known (true), or the other one is in the proof (false). */
function proofOfNodes(nodes: readonly Hex[], known: readonly number[]): { proof: Hex[]; flags: boolean[] } {
  const queue = [...known];
  const [proof, flags]: [Hex[], boolean[]] = [[], []];
  while ((queue[0] ?? 0) > 0) {
    const node = at(queue, 0);
    queue.shift();
    const other = besides(node);
    const isKnown = queue[0] === other;
    if (isKnown) queue.shift();
    else proof.push(at(nodes, other));
    flags.push(isKnown);
    queue.push((node - 1) >> 1);
  }
  // Nothing to prove: the root itself is all there is to say.
  if (known.length === 0 && nodes.length > 0) proof.push(at(nodes, 0));
  return { proof, flags };
}

/** Whether `proof` leads from the leaf to `root`. */
export const leadsTo = (root: Hex, leaf: Hex, proof: readonly Hex[]): boolean =>
  proof.reduce(pairHash, leaf) === root;

/**
 * Where a multiproof leads from these leaves, in the order of `multiproofOf`; null where it does not come out even, so that it proves
 * nothing.
 */
export function multiproofRoot(
  leaves: readonly Hex[],
  { proof, flags }: Omit<Multiproof, "order">,
): Hex | null {
  if (leaves.length + proof.length !== flags.length + 1) return null;
  const [queue, others] = [[...leaves], [...proof]];
  for (const isKnown of flags) {
    const one = queue.shift();
    const other = isKnown ? queue.shift() : others.shift();
    if (one === undefined || other === undefined) return null;
    queue.push(pairHash(one, other));
  }
  return others.length === 0 || flags.length === 0 ? (queue[0] ?? others[0] ?? null) : null;
}

const pairHash = (a: Hex, b: Hex): Hex => keccak256(a < b ? `${a}${b.slice(2)}` : `${b}${a.slice(2)}`);
