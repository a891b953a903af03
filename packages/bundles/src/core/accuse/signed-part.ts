import { type Hex, keccak256, need } from "@sooth/kernel";
import { leadsTo, multiproofRoot, treeInOrder } from "@sooth/oracle/core";
import { concat } from "viem";
import { type Fact, factContent, factLeaf, factSubject } from "../facts.ts";

/** Facts that stand under a root which attesters signed, and what proves it: all of a batch, or those that a transaction needed. */
export type SignedPart = {
  root: Hex;
  epoch: number;
  /** Unix seconds. */
  validUntil: number;
  facts: readonly Fact[];
  path: readonly Hex[];
  flags: readonly boolean[];
};

/** One fact that somebody signed, as the contracts take it. */
export type Claim = {
  epoch: number;
  validUntil: number;
  root: Hex;
  kind: bigint;
  subject: Hex;
  content: Hex;
  path: readonly Hex[];
};

/** Whether the facts stand under the root, as {Batches-holds} comes to it. */
export function standsUnder(part: SignedPart): boolean {
  const leaves = part.facts.map(factLeaf);
  const [leaf] = leaves;
  if (leaf === undefined) return false;
  if (part.flags.length > 0)
    return multiproofRoot(leaves, { proof: [...part.path], flags: [...part.flags] }) === part.root;
  if (part.path.length === 0) return treeInOrder(leaves).root === part.root;
  return leaves.length === 1 && leadsTo(part.root, leaf, part.path);
}

/** Names the facts of a part, in their order. */
export const partHash = (facts: readonly Fact[]): Hex => keccak256(concat(facts.map(factLeaf)));

/** The claim of one fact of a part that {standsUnder} its root. */
export function claimOf(part: SignedPart, place: number): Claim {
  const fact = need(part.facts[place], `fact ${place}`);
  const { kind, subject } = factSubject(fact);
  return {
    epoch: part.epoch,
    validUntil: part.validUntil,
    root: part.root,
    kind: BigInt(kind),
    subject,
    content: factContent(fact),
    path: pathOf(part, place),
  };
}

/** From one leaf to the root: contracts that judge a single fact take no multiproof. */
function pathOf({ facts, path, flags }: SignedPart, place: number): Hex[] {
  const leaves = facts.map(factLeaf);
  if (flags.length > 0) return pathThrough(leaves, path, flags, place);
  return path.length > 0 ? [...path] : treeInOrder(leaves).proofOf(place);
}

/** As {multiproofRoot} goes: what is hashed with the leaf, and with what that gives, on its way to the end of the queue. */
function pathThrough(
  leaves: readonly Hex[],
  proof: readonly Hex[],
  flags: readonly boolean[],
  place: number,
): Hex[] {
  const queue = leaves.map((hash, index) => ({ hash, has: index === place }));
  const others = [...proof];
  const found: Hex[] = [];
  for (const isKnown of flags) {
    const one = need(queue.shift(), "a node");
    const other = isKnown
      ? need(queue.shift(), "a node")
      : { hash: need(others.shift(), "a node of the proof"), has: false };
    if (one.has) found.push(other.hash);
    else if (other.has) found.push(one.hash);
    const { root } = treeInOrder([one.hash, other.hash]);
    queue.push({ hash: root, has: one.has || other.has });
  }
  return found;
}
