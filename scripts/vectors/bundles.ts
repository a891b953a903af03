import { type Hex, keccak256, stringToHex } from "viem";
import { randomNumbers, times, write } from "./cases.ts";

// Bundles, legs, facts and their trees: every word is laid down by hand, none through an ABI encoder.

const word = (value: bigint | number): string => value.toString(16).padStart(64, "0");
const bytesOf = (words: readonly (bigint | number)[]): Hex => `0x${words.map(word).join("")}`;
const hashOf = (words: readonly (bigint | number)[]): bigint => BigInt(keccak256(bytesOf(words)));
const hashed = (text: string): bigint => BigInt(keccak256(stringToHex(text)));
const hex = (value: bigint, bytes: number): Hex => `0x${value.toString(16).padStart(2 * bytes, "0")}`;
const hash32 = (value: bigint): Hex => hex(value, 32);

const CHAIN = 42_161n;
const HUB = 0xb0bb1e5b0bb1e5b0bb1e5b0bb1e5b0bb1e5b0bb1n;
const ATTESTERS = 0xa77e57a77e57a77e57a77e57a77e57a77e57a77en;
const DOMAIN_TYPE = hashed(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);
const BATCH = hashed("Batch(uint32 epoch,uint40 validUntil,bytes32 root)");
const DOMAIN = hashOf([DOMAIN_TYPE, hashed("Sooth Bundles"), hashed("1"), CHAIN, HUB]);
const BUNDLE = hashed(
  "Bundle(address owner,uint8 mode,uint8 legs,uint40 deadline,bytes32 legsHash,uint96 fee,uint64 salt)",
);
const LEG = hashed(
  "Leg(uint256 chainId,uint8 kind,address target,uint96 value,uint32 gasLimit,bytes32 dataHash,uint32 needsOk,uint32 needsFailed,uint32 needsSettled,uint8 undoes,bytes32 inputsHash,bytes32 salt)",
);

type Random = (below: bigint) => bigint;
const wide = (random: Random, bits: bigint): bigint => {
  let value = 0n;
  for (let at = 0n; at < bits; at += 32n) value = (value << 32n) | random(1n << 32n);
  return value & ((1n << bits) - 1n);
};

function legOf(random: Random, place: number) {
  const few = (most: bigint) => times(Number(random(most)), () => 0);
  const bits = () => Number(random(1n << BigInt(place)));
  const splices = few(4n).map(() => ({
    from: Number(random(32n)),
    source: Number(random(1_000n)),
    length: Number(random(65_536n)),
    target: Number(random(1n << 32n)),
  }));
  const conditions = few(4n).map(() => ({
    from: Number(random(32n)),
    source: Number(random(65_536n)),
    comparison: Number(random(3n)),
    value: wide(random, 256n),
  }));
  const leg = {
    chainId: Number(1n + random(1n << 40n)),
    kind: Number(random(5n)),
    target: wide(random, 160n),
    value: wide(random, 96n),
    gasLimit: Number(random(1n << 32n)),
    data: `0x${few(70n)
      .map(() => hex(random(256n), 1).slice(2))
      .join("")}` as Hex,
    needsOk: bits(),
    needsFailed: bits(),
    needsSettled: bits(),
    undoes: place > 0 && random(3n) === 0n ? Number(random(BigInt(place))) : 255,
    salt: wide(random, 256n),
  };
  const inputs = [
    0x40,
    0x60 + 0x80 * splices.length,
    splices.length,
    ...splices.flatMap((one) => [one.from, one.source, one.length, one.target]),
    conditions.length,
    ...conditions.flatMap((one) => [one.from, one.source, one.comparison, one.value]),
  ];
  const hash = hashOf([
    LEG,
    leg.chainId,
    leg.kind,
    leg.target,
    leg.value,
    leg.gasLimit,
    BigInt(keccak256(leg.data)),
    leg.needsOk,
    leg.needsFailed,
    leg.needsSettled,
    leg.undoes,
    splices.length + conditions.length === 0 ? 0n : hashOf(inputs),
    leg.salt,
  ]);
  return {
    ...leg,
    target: hex(leg.target, 20),
    value: String(leg.value),
    splices,
    conditions: conditions.map((one) => ({ ...one, value: String(one.value) })),
    salt: hash32(leg.salt),
    hash: hash32(hash),
  };
}

function bundleOf(random: Random, count: number) {
  const legs = times(count, (place) => legOf(random, place));
  const [owner, fee, salt] = [wide(random, 160n), wide(random, 96n), wide(random, 64n)];
  const [mode, deadline] = [Number(random(2n)), Number(random(1n << 40n))];
  const legsHash = hashOf(legs.map((leg) => BigInt(leg.hash)));
  const struct = hashOf([BUNDLE, owner, mode, count, deadline, legsHash, fee, salt]);
  const id = keccak256(`0x1901${word(DOMAIN)}${word(struct)}`);
  return {
    owner: hex(owner, 20),
    mode,
    deadline,
    fee: String(fee),
    salt: String(salt),
    legs,
    legsHash: hash32(legsHash),
    id,
  };
}

const leaf = (kind: number, subject: bigint, content: bigint): Hex =>
  hash32(hashOf([kind, subject, content]));

function facts(random: Random) {
  const opened = times(4, (i) => {
    const [base, index] = [wide(random, 60n), Number(random(32n))];
    const [owner, leg] = [wide(random, 160n), wide(random, 256n)];
    const deadline = i === 0 ? 2 ** 40 - 1 : Number(random(1n << 40n));
    const content = hashOf([base, owner, deadline, leg]);
    const its = { base: String(base), index, owner: hex(owner, 20), deadline, leg: hash32(leg) };
    return { ...its, leaf: leaf(1, base + BigInt(index), content) };
  });
  const prepared = times(2, () => {
    const id = wide(random, 256n);
    return { id: hash32(id), leaf: leaf(2, id, 0n) };
  });
  const receipts = times(8, (i) => {
    const [ordinal, status, ran] = [wide(random, 64n), 1 + (i % 4), i % 4 < 2];
    const [result, relayer] = ran ? [wide(random, 256n), wide(random, 160n)] : [0n, 0n];
    const its = { ordinal: String(ordinal), status, result: hash32(result), relayer: hex(relayer, 20) };
    return { ...its, leaf: leaf(3, ordinal, hashOf([status, result, relayer])) };
  });
  const decisions = times(4, (i) => {
    const [id, base, outcome] = [wide(random, 256n), wide(random, 64n), 2 + (i % 2)];
    return { id: hash32(id), base: String(base), outcome, leaf: leaf(4, id, hashOf([base, outcome])) };
  });
  const seated = times(3, (i) => {
    const epoch = i === 0 ? 2 ** 32 - 1 : Number(random(1_000n));
    const seats = times(1 + 4 * i, () => ({ key: wide(random, 160n), weight: wide(random, 90n) }));
    const totalWeight = seats.reduce((all, { weight }) => all + weight, 0n);
    const words = seats.map(({ key, weight }) => key * 2n ** 96n + weight);
    return {
      epoch,
      totalWeight: String(totalWeight),
      seats: words.map(hash32),
      leaf: leaf(5, BigInt(epoch), hashOf([totalWeight, 0x40, words.length, ...words])),
    };
  });
  const current = times(3, (i) => {
    const [day, epoch] =
      i === 0 ? [2 ** 32 - 1, 2 ** 32 - 1] : [Number(random(40_000n)), Number(random(1_000n))];
    return { day, epoch, leaf: leaf(6, BigInt(day), hashOf([epoch])) };
  });
  return { opened, prepared, receipts, decisions, seated, current };
}

/** What attesters sign, under the domain of the hub's chain and their contract. */
function batches(random: Random) {
  const domain = hashOf([DOMAIN_TYPE, hashed("Sooth Attesters"), hashed("1"), CHAIN, ATTESTERS]);
  const signed = times(3, (i) => {
    const [epoch, validUntil] =
      i === 0 ? [2 ** 32 - 1, 2 ** 40 - 1] : [Number(random(1_000n)), Number(random(1n << 40n))];
    const root = wide(random, 256n);
    const digest = keccak256(`0x1901${word(domain)}${word(hashOf([BATCH, epoch, validUntil, root]))}`);
    return { epoch, validUntil, root: hash32(root), digest };
  });
  return { attesters: hex(ATTESTERS, 20), signed };
}

/** By pairing the two oldest nodes until one is left; a proof of several is what the verifier would have to be told. */
function treeOf(random: Random, count: number) {
  type Node = { hash: bigint; under: number[] };
  const leaves = times(count, (place): Node => ({ hash: wide(random, 256n), under: [place] }));
  const places = leaves.map((_, place) => place).filter(() => random(2n) === 0n);
  const wanted = places.length === 0 ? [count - 1] : places;
  const holds = ({ under }: Node) => under.some((place) => wanted.includes(place));
  const queue = [...leaves];
  const proof: bigint[] = [];
  const flags: boolean[] = [];
  while (queue.length > 1) {
    const [a, b] = queue.splice(0, 2) as [Node, Node];
    const known = [a, b].filter(holds).length;
    if (known > 0) flags.push(known === 2);
    if (known === 1) proof.push((holds(a) ? b : a).hash);
    const [low, high] = a.hash < b.hash ? [a.hash, b.hash] : [b.hash, a.hash];
    queue.push({ hash: hashOf([low, high]), under: [...a.under, ...b.under] });
  }
  const [root] = queue as [Node];
  // The wanted leaves in the order in which they are consumed: that of their depth, deeper ones first.
  return {
    root: hash32(root.hash),
    leaves: leaves.map(({ hash }) => hash32(hash)),
    places: wanted,
    proof: proof.map(hash32),
    flags,
  };
}

export function bundles(): void {
  const random = randomNumbers(67n);
  write("bundles.json", {
    about:
      "ids of bundles, hashes of legs, leaves of facts, trees of leaves in the order given; enums are numbers",
    hub: { chainId: Number(CHAIN), hub: hex(HUB, 20) },
    bundles: [1, 2, 3, 5, 8, 32].map((count) => bundleOf(random, count)),
    facts: facts(random),
    batches: batches(random),
    trees: [1, 2, 3, 4, 5, 6, 7, 11, 16, 33].map((count) => treeOf(random, count)),
  });
}
