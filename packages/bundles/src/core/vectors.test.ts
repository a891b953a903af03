import { type Address, at, type Hex } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hashTypedData } from "viem";
import { batchDigest, batchTypedData, factLeaf, type Fact } from "./facts.ts";
import { bitmapOf, bundleId, legHash, legsHashOf, placesIn } from "./hashes.ts";
import { COMPARISONS, LEG_KINDS, LEG_STATUSES, type Leg, MODES, OUTCOMES } from "./types.ts";
import { treeInOrder } from "@sooth/oracle/core";

type VectorLeg = {
  chainId: number;
  kind: number;
  target: Address;
  value: string;
  gasLimit: number;
  data: Hex;
  needsOk: number;
  needsFailed: number;
  needsSettled: number;
  undoes: number;
  splices: { from: number; source: number; length: number; target: number }[];
  conditions: { from: number; source: number; comparison: number; value: string }[];
  salt: Hex;
  hash: Hex;
};
/** Cases that contracts/test/bundles/BundleVectors.t.sol puts to the libraries themselves. */
const vectors = JSON.parse(
  readFileSync(new URL("../../../../vectors/bundles.json", import.meta.url), "utf8"),
) as {
  hub: { chainId: number; hub: Address };
  bundles: {
    owner: Address;
    mode: number;
    deadline: number;
    fee: string;
    salt: string;
    legs: VectorLeg[];
    legsHash: Hex;
    id: Hex;
  }[];
  facts: {
    opened: { base: string; index: number; owner: Address; deadline: number; leg: Hex; leaf: Hex }[];
    prepared: { id: Hex; leaf: Hex }[];
    receipts: { ordinal: string; status: number; result: Hex; relayer: Address; leaf: Hex }[];
    decisions: { id: Hex; base: string; outcome: number; leaf: Hex }[];
    seated: { epoch: number; totalWeight: string; seats: Hex[]; leaf: Hex }[];
    current: { day: number; epoch: number; leaf: Hex }[];
  };
  batches: {
    attesters: Address;
    signed: { epoch: number; validUntil: number; root: Hex; digest: Hex }[];
  };
  trees: { root: Hex; leaves: Hex[]; places: number[]; proof: Hex[]; flags: boolean[] }[];
};

const legFrom = (leg: VectorLeg): Leg => ({
  ...leg,
  kind: at(LEG_KINDS, leg.kind),
  value: BigInt(leg.value),
  needsOk: placesIn(leg.needsOk),
  needsFailed: placesIn(leg.needsFailed),
  needsSettled: placesIn(leg.needsSettled),
  undoes: leg.undoes === 255 ? null : leg.undoes,
  conditions: leg.conditions.map((one) => ({
    ...one,
    comparison: at(COMPARISONS, one.comparison),
    value: BigInt(one.value),
  })),
});

test.each(vectors.bundles)("bundle $id", ({ legs, id, ...header }) => {
  for (const leg of legs) expect(legHash(legFrom(leg))).toBe(leg.hash);
  expect(legsHashOf(legs.map(({ hash }) => hash))).toBe(header.legsHash);
  const bundle = {
    ...header,
    mode: at(MODES, header.mode),
    legs: legs.length,
    fee: BigInt(header.fee),
    salt: BigInt(header.salt),
  };
  expect(bundleId(vectors.hub, bundle)).toBe(id);
  expect(bundleId({ ...vectors.hub, chainId: 1 }, bundle)).not.toBe(id);
});

const { opened, prepared, receipts, decisions, seated, current } = vectors.facts;
const facts: (readonly [string, Fact, Hex])[] = [
  ...opened.map(
    ({ leaf, ...its }) => ["opened", { ...its, kind: "opened", base: BigInt(its.base) }, leaf] as const,
  ),
  ...prepared.map(({ leaf, id }) => ["prepared", { kind: "prepared", id }, leaf] as const),
  ...receipts.map(({ leaf, ...its }) => {
    const status = at(LEG_STATUSES, its.status) as Exclude<(typeof LEG_STATUSES)[number], "none">;
    return ["receipt", { ...its, kind: "receipt", ordinal: BigInt(its.ordinal), status }, leaf] as const;
  }),
  ...decisions.map(({ leaf, ...its }) => {
    const outcome = at(OUTCOMES, its.outcome) as "committed" | "aborted";
    return ["decision", { ...its, kind: "decision", base: BigInt(its.base), outcome }, leaf] as const;
  }),
  ...seated.map(({ leaf, ...its }) => {
    const seats = its.seats.map((word) => ({
      key: word.slice(0, 42) as Address,
      weight: BigInt(`0x${word.slice(42)}`),
    }));
    return ["seated", { ...its, kind: "seated", totalWeight: BigInt(its.totalWeight), seats }, leaf] as const;
  }),
  ...current.map(({ leaf, ...its }) => ["current", { ...its, kind: "current" }, leaf] as const),
];
test.each(facts)("a fact: %s", (_, fact, leaf) => expect(factLeaf(fact)).toBe(leaf));

test.each(vectors.batches.signed)("a batch: $root", ({ digest, ...batch }) => {
  const at = { chainId: vectors.hub.chainId, attesters: vectors.batches.attesters };
  expect(hashTypedData(batchTypedData(at, batch))).toBe(digest);
  expect(batchDigest(at, batch)).toBe(digest);
});

test.each(vectors.trees)("tree of $leaves.length leaves", ({ root, leaves, places, proof, flags }) => {
  const tree = treeInOrder(leaves);
  expect(tree.root).toBe(root);
  expect(tree.multiproofOf(places.toReversed())).toEqual({ order: places, proof, flags });
  // Who hands over all leaves needs no proof.
  expect(tree.multiproofOf(leaves.map((_, place) => place)).proof).toEqual([]);
});

test("bitmaps keep the highest place", () => {
  expect(bitmapOf([31, 0])).toBe(2 ** 31 + 1);
  expect(placesIn(2 ** 31 + 1)).toEqual([0, 31]);
});
