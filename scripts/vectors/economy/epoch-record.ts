import { concat, encodeAbiParameters, type Hex, keccak256, numberToHex, pad } from "viem";
import { randomNumbers, times, write } from "../cases.ts";

// Epoch records: the heap of OpenZeppelin's standard tree, node by node from the definition.

const LEAF = [
  { name: "domain", type: "uint8" },
  { name: "epoch", type: "uint32" },
  { name: "owner", type: "address" },
  { name: "factorBps", type: "uint16" },
  { name: "score", type: "uint16" },
  { name: "strikes", type: "uint8" },
  { name: "suspendedUntil", type: "uint40" },
  { name: "cluster", type: "uint32" },
  { name: "premium", type: "bool" },
] as const;

type Leaf = {
  domain: number;
  epoch: number;
  owner: Hex;
  factorBps: number;
  score: number;
  strikes: number;
  suspendedUntil: number;
  cluster: number;
  premium: boolean;
};

function treeOf(records: readonly Leaf[]) {
  const leaves = records.map((one) =>
    keccak256(
      keccak256(
        encodeAbiParameters(LEAF, [
          one.domain,
          one.epoch,
          one.owner,
          one.factorBps,
          one.score,
          one.strikes,
          one.suspendedUntil,
          one.cluster,
          one.premium,
        ]),
      ),
    ),
  );
  const descending = leaves.toSorted().toReversed();
  const nodeAt = (i: number): Hex =>
    i >= leaves.length - 1
      ? (descending[i - leaves.length + 1] ?? "0x")
      : keccak256(concat([nodeAt(2 * i + 1), nodeAt(2 * i + 2)].toSorted()));
  const proofAt = (i: number): Hex[] =>
    i === 0 ? [] : [nodeAt(i % 2 === 0 ? i - 1 : i + 1), ...proofAt(Math.floor((i - 1) / 2))];
  return {
    records: records.map((one, i) => ({
      ...one,
      leaf: leaves[i],
      proof: proofAt(leaves.length - 1 + descending.indexOf(leaves[i] ?? "0x")),
    })),
    root: leaves.length === 0 ? pad("0x", { size: 32 }) : nodeAt(0),
  };
}

export function epochRecord(): void {
  const random = randomNumbers(16n);
  const recordOf = (): Leaf => ({
    domain: Number(random(256n)),
    epoch: 7,
    owner: pad(numberToHex(random(1n << 63n)), { size: 20 }),
    factorBps: Number(random(10_001n)),
    score: Number(random(1_001n)),
    strikes: Number(random(256n)),
    suspendedUntil: Number(random(1n << 40n)),
    cluster: Number(random(1n << 32n)),
    premium: random(2n) === 1n,
  });
  const sizes = [0, 1, 2, 3, 4, 5, 7, 12, 32];
  write("economy/epoch-record.json", {
    about: "records to leaves, their root and their proofs",
    cases: sizes.map((size) => treeOf(times(size, recordOf))),
  });
}
