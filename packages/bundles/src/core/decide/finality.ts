import type { Hex } from "@sooth/kernel";
import { BundlesError } from "../errors.ts";

/** How long a chain's block is waited for before it is believed: blocks on top of it, or the chain's own word. */
export type Wait = { blocks: number } | "safe" | "finalized";
/** For one chain, by what hangs on it: the first tier that the value does not exceed counts; null has no limit. */
export type FinalityPolicy = readonly { upTo: bigint | null; wait: Wait }[];

/** The newest blocks of one node, and the hash that it gives a number; null when it does not know the block. */
export type NodeHead = {
  latest: bigint;
  safe: bigint;
  finalized: bigint;
  hashOf: (block: bigint) => Hex | null;
};
export type Trusted =
  | { block: bigint; hash: Hex }
  | { refused: "too_young" | "nodes_disagree" | "unknown_block" };

/** @throws bundles.no_policy when no tier reaches the value */
export function waitFor(policy: FinalityPolicy, value: bigint): Wait {
  const tier = policy.find(({ upTo }) => upTo === null || value <= upTo);
  if (tier === undefined) throw BundlesError.no_policy({ value });
  return tier.wait;
}

/**
 * The newest block that both nodes call old enough, and by the same hash. The slower node counts, so a node that runs ahead
 * (or lies about it) gains nothing; one that shows another block stops its owner from signing, which is the safe way to fail.
 */
export function trustedBlock(wait: Wait, nodes: readonly [NodeHead, NodeHead]): Trusted {
  const [a, b] = nodes.map((node) => oldEnough(wait, node)) as [bigint, bigint];
  const block = a < b ? a : b;
  if (block < 0n) return { refused: "too_young" };
  const [hash, other] = nodes.map((node) => node.hashOf(block));
  if (!hash || !other) return { refused: "unknown_block" };
  return hash === other ? { block, hash } : { refused: "nodes_disagree" };
}

const oldEnough = (wait: Wait, { latest, safe, finalized }: NodeHead): bigint => {
  if (wait === "safe") return safe;
  return wait === "finalized" ? finalized : latest - BigInt(wait.blocks);
};
