import { bn254 } from "@noble/curves/bn254.js";
import {
  concat,
  encodeAbiParameters,
  type Hex,
  hexToBigInt,
  keccak256,
  numberToHex,
  size,
  slice,
  stringToHex,
} from "viem";
import { RandomnessError } from "./errors.ts";
import { denominator, fieldElements, mapToCurve, messageOf, type Point } from "./hash-to-curve.ts";

/**
 * drand's evmnet scheme, bls-bn254-unchained-on-g1: BLS on BN254, signatures in G1 (64 bytes: x, y), the key in G2 (128
 * bytes as drand publishes it: imaginary parts first).
 */
const { Fp, Fp2, Fp12 } = bn254.fields;
const G1 = bn254.G1.ProjectivePoint;
const G2 = bn254.G2.ProjectivePoint;
/** Keeps a seed apart from every other hash of a signature, as in DrandBeacon.sol. */
const SEED_DOMAIN = keccak256(stringToHex("sooth.randomness.seed"));

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const wordAt = (bytes: Hex, index: number): bigint => hexToBigInt(slice(bytes, index * 32, index * 32 + 32));

/** Any 32 bytes as a secret key: reduced to the group's order. @throws randomness.bad_key when that is zero */
export function secretKeyFrom(bytes: Hex): bigint {
  const key = hexToBigInt(bytes) % bn254.fields.Fr.ORDER;
  if (key === 0n) throw RandomnessError.bad_key({ what: "zero" });
  return key;
}

export function publicKeyOf(secretKey: bigint): Hex {
  const { x, y } = G2.BASE.multiply(secretKey).toAffine();
  return concat([x.c1, x.c0, y.c1, y.c0].map(word));
}

/** The point that the beacon signs for a round. */
function hashOf(round: bigint): InstanceType<typeof G1> {
  const [first, second] = fieldElements(messageOf(round)).map((u) => pointOf(mapToCurve(u))) as [
    InstanceType<typeof G1>,
    InstanceType<typeof G1>,
  ];
  return first.add(second);
}

const pointOf = ({ x, y }: Point) => G1.fromAffine({ x, y });

export function sign(secretKey: bigint, round: bigint): Hex {
  const { x, y } = hashOf(round).multiply(secretKey).toAffine();
  return concat([word(x), word(y)]);
}

/** Whether this is the beacon's signature of the round. Malformed signatures are false; 25 ms of arithmetic. @throws randomness.bad_key */
export function verify(publicKey: Hex, round: bigint, signature: Hex): boolean {
  const key = keyPoint(publicKey);
  if (size(signature) !== 64) return false;
  const [x, y] = [wordAt(signature, 0), wordAt(signature, 1)];
  if (x >= Fp.ORDER || y >= Fp.ORDER) return false;
  // Also turns away the point at infinity, whose two zeros do not fulfil the equation.
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 3n))) return false;
  const product = bn254.pairingBatch([
    { g1: pointOf({ x, y }), g2: G2.BASE.negate() },
    { g1: hashOf(round), g2: key },
  ]);
  return Fp12.eql(product, Fp12.ONE);
}

const keys = new Map<Hex, InstanceType<typeof G2>>();

/** @throws randomness.bad_key */
function keyPoint(publicKey: Hex): InstanceType<typeof G2> {
  const known = keys.get(publicKey);
  if (known) return known;
  if (size(publicKey) !== 128) throw RandomnessError.bad_key({ what: "it has not 128 bytes" });
  const [x1, x0, y1, y0] = [0, 1, 2, 3].map((index) => wordAt(publicKey, index)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  try {
    const point = G2.fromAffine({
      x: Fp2.fromBigTuple([x0, x1]),
      y: Fp2.fromBigTuple([y0, y1]),
    });
    point.assertValidity();
    if (point.equals(G2.ZERO)) throw new Error("infinity");
    keys.set(publicKey, point);
    return point;
  } catch (cause) {
    throw RandomnessError.bad_key({ what: "it is no point of the group" }, { cause });
  }
}

/** What the contract's `prove` takes: the signature, and the witnesses that spare it the square roots. */
export function proofOf(round: bigint, signature: Hex): Hex {
  const elements = fieldElements(messageOf(round));
  const inverse = Fp.inv(elements.map(denominator).reduce((all, one) => Fp.mul(all, one)));
  const witnesses = elements
    .map(mapToCurve)
    .flatMap(({ kind, y, nonSquare }) => [
      numberToHex(kind, { size: 1 }),
      word(y),
      ...(nonSquare === null ? [] : [word(nonSquare)]),
    ]);
  return concat([signature, word(inverse), ...witnesses]);
}

/** The seed that the contract keeps for a round with this signature. */
export const seedOf = (signature: Hex): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "uint256" }, { type: "uint256" }],
      [SEED_DOMAIN, wordAt(signature, 0), wordAt(signature, 1)],
    ),
  );
