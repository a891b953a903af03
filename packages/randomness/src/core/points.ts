import { bn254 } from "@noble/curves/bn254.js";
import { concat, type Hex, hexToBigInt, numberToHex, size, slice } from "viem";
import { RandomnessError } from "./errors.ts";
import { fieldElements, mapToCurve, messageOf } from "./hash-to-curve.ts";

const { Fp, Fp2 } = bn254.fields;
export const G1 = bn254.G1.ProjectivePoint;
export const G2 = bn254.G2.ProjectivePoint;
export type SignaturePoint = InstanceType<typeof G1>;
export type KeyPoint = InstanceType<typeof G2>;

export const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
export const wordAt = (bytes: Hex, index: number): bigint =>
  hexToBigInt(slice(bytes, index * 32, index * 32 + 32));

/** The point that the beacon signs for a round. */
export function hashOf(round: bigint): SignaturePoint {
  const [first, second] = fieldElements(messageOf(round)).map((u) => {
    const { x, y } = mapToCurve(u);
    return G1.fromAffine({ x, y });
  }) as [SignaturePoint, SignaturePoint];
  return first.add(second);
}

/** Null for anything that is no point of the curve; infinity is none. */
export function readSignature(signature: Hex): SignaturePoint | null {
  if (size(signature) !== 64) return null;
  const [x, y] = [wordAt(signature, 0), wordAt(signature, 1)];
  if (x >= Fp.ORDER || y >= Fp.ORDER) return null;
  // Also turns away the point at infinity, whose two zeros do not fulfil the equation.
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 3n))) return null;
  return G1.fromAffine({ x, y });
}

export function writeSignature(point: SignaturePoint): Hex {
  const { x, y } = point.toAffine();
  return concat([word(x), word(y)]);
}

/** 128 bytes as drand publishes keys: imaginary parts first. @throws randomness.bad_key */
export function readKey(bytes: Hex): KeyPoint {
  if (size(bytes) !== 128) throw RandomnessError.bad_key({ what: "it has not 128 bytes" });
  const [x1, x0, y1, y0] = [0, 1, 2, 3].map((index) => wordAt(bytes, index)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  try {
    const point = G2.fromAffine({ x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) });
    point.assertValidity();
    if (point.equals(G2.ZERO)) throw new Error("infinity");
    return point;
  } catch (cause) {
    throw RandomnessError.bad_key({ what: "it is no point of the group" }, { cause });
  }
}

export function writeKey(point: KeyPoint): Hex {
  const { x, y } = point.toAffine();
  return concat([x.c1, x.c0, y.c1, y.c0].map(word));
}
