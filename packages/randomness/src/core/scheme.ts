import { bn254 } from "@noble/curves/bn254.js";
import {
  concat,
  encodeAbiParameters,
  type Hex,
  hexToBigInt,
  keccak256,
  numberToHex,
  stringToHex,
} from "viem";
import { RandomnessError } from "./errors.ts";
import { denominator, fieldElements, mapToCurve, messageOf } from "./hash-to-curve.ts";
import {
  G2,
  hashOf,
  type KeyPoint,
  readKey,
  readSignature,
  word,
  wordAt,
  writeKey,
  writeSignature,
} from "./points.ts";

/**
 * drand's evmnet scheme, bls-bn254-unchained-on-g1: BLS on BN254, signatures in G1 (64 bytes: x, y), the key in G2 (128
 * bytes as drand publishes it: imaginary parts first).
 */
const { Fp, Fp12 } = bn254.fields;
/** Keeps a seed apart from every other hash of a signature, as in DrandBeacon.sol. */
const SEED_DOMAIN = keccak256(stringToHex("sooth.randomness.seed"));

/** Any 32 bytes as a secret key: reduced to the group's order. @throws randomness.bad_key when that is zero */
export function secretKeyFrom(bytes: Hex): bigint {
  const key = hexToBigInt(bytes) % bn254.fields.Fr.ORDER;
  if (key === 0n) throw RandomnessError.bad_key({ what: "zero" });
  return key;
}

export const publicKeyOf = (secretKey: bigint): Hex => writeKey(G2.BASE.multiply(secretKey));

export const sign = (secretKey: bigint, round: bigint): Hex =>
  writeSignature(hashOf(round).multiply(secretKey));

/** Whether this is the beacon's signature of the round. Malformed signatures are false; 25 ms of arithmetic. @throws randomness.bad_key */
export function verify(publicKey: Hex, round: bigint, signature: Hex): boolean {
  const key = keyPoint(publicKey);
  const signed = readSignature(signature);
  if (signed === null) return false;
  const product = bn254.pairingBatch([
    { g1: signed, g2: G2.BASE.negate() },
    { g1: hashOf(round), g2: key },
  ]);
  return Fp12.eql(product, Fp12.ONE);
}

const keys = new Map<Hex, KeyPoint>();

/** @throws randomness.bad_key */
export function keyPoint(publicKey: Hex): KeyPoint {
  const point = keys.get(publicKey) ?? readKey(publicKey);
  keys.set(publicKey, point);
  return point;
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
