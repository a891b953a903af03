import type { Address, Hex } from "@sooth/kernel";
import * as fc from "fast-check";
import { numberToHex, pad } from "viem";
import { describe, expect, test } from "vitest";
import { vectors } from "../../../test/vectors.ts";
import { type EpochLeaf, epochTree, isInEpoch, leafHash } from "./epoch-tree.ts";

const { cases } = vectors<{ cases: { records: (EpochLeaf & { leaf: Hex; proof: Hex[] })[]; root: Hex }[] }>(
  "economy/epoch-record",
);
const ownerOf = (index: number): Address => pad(numberToHex(index), { size: 20 });
const leaf = (index: number, rest: Partial<EpochLeaf> = {}): EpochLeaf => ({
  domain: 1,
  epoch: 7,
  owner: ownerOf(index),
  factorBps: 10_000,
  score: 960,
  strikes: 0,
  suspendedUntil: 0,
  cluster: 0,
  premium: false,
  ...rest,
});

test.each(cases)("vector: root $root", ({ records, root }) => {
  const tree = epochTree(7, records);
  expect(tree.root).toBe(root);
  for (const { leaf, proof, ...record } of records) {
    expect(leafHash(record)).toBe(leaf);
    expect(tree.proofOf(record.domain, record.owner)).toEqual(proof);
    expect(isInEpoch(record, root, proof)).toBe(true);
  }
});

describe("a tree", () => {
  test("is the one that OpenZeppelin's merkle-tree 1.0.8 makes of the same records", () => {
    const records = [
      leaf(0xa1, { premium: true }),
      leaf(0xa2, { factorBps: 1_000, score: 254, strikes: 2, cluster: 5 }),
      leaf(0xa1, { domain: 2, factorBps: 0, score: 700, strikes: 3, suspendedUntil: 1_760_000_000 }),
    ];
    expect(epochTree(7, records).root).toBe(
      "0x8e79b767deb922031af4db59364a7fbdc89b7fe87e353cd9f699dfa609d68e27",
    );
  });

  test("has one root whatever the order, and proves each record and no changed one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (count, turn, drawn) => {
        const records = Array.from({ length: count }, (_, i) => leaf(i + 1, { score: i }));
        const tree = epochTree(7, records);
        const at = turn % count;
        const turned = [...records.slice(at), ...records.slice(0, at)].toReversed();
        expect(epochTree(7, turned).root).toBe(tree.root);
        const one = leaf((drawn % count) + 1, { score: drawn % count });
        const proof = tree.proofOf(1, one.owner);
        expect(isInEpoch(one, tree.root, proof)).toBe(true);
        expect(isInEpoch({ ...one, factorBps: 9_999 }, tree.root, proof)).toBe(false);
        expect(isInEpoch({ ...one, epoch: 8 }, tree.root, proof)).toBe(false);
        expect(isInEpoch({ ...one, premium: true }, tree.root, proof)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  test("of nothing has root 0, and knows nobody", () => {
    const tree = epochTree(7, []);
    expect(BigInt(tree.root)).toBe(0n);
    expect(() => tree.proofOf(1, ownerOf(1))).toThrow("the record of");
    expect(() => epochTree(7, [leaf(1)]).proofOf(2, ownerOf(1))).toThrow("the record of");
  });
});
