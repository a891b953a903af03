import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { Address, Hex } from "@sooth/kernel";
import { encodeAbiParameters, hexToBigInt, keccak256, numberToHex, slice } from "viem";

/** A key or a nonce as a point; what is sent is its 33 bytes, compressed. */
export type Point = InstanceType<typeof secp256k1.ProjectivePoint>;
const { ProjectivePoint, CURVE } = secp256k1;

/** Order of the group. */
export const N = CURVE.n;
/** Of the field. */
const P = CURVE.Fp.ORDER;

export const modN = (value: bigint): bigint => ((value % N) + N) % N;
export const pointOf = (secret: bigint): Point => ProjectivePoint.BASE.multiply(secret);
export const times = (point: Point, scalar: bigint): Point =>
  scalar === 0n ? ProjectivePoint.ZERO : point.multiply(scalar);
export const sumOf = (points: readonly Point[]): Point =>
  points.reduce((sum, point) => sum.add(point), ProjectivePoint.ZERO);

export const toBytes = (point: Point): Hex => `0x${point.toHex(true)}`;
/** @throws when the bytes are no point of the curve, or are the point at infinity */
export function fromBytes(bytes: Hex): Point {
  const point = ProjectivePoint.fromHex(bytes.slice(2));
  point.assertValidity();
  return point;
}

/** The account of a public key. */
export function addressOf(point: Point): Address {
  const { x, y } = point.toAffine();
  return slice(keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [x, y])), 12);
}

/** Scalar of any 32 bytes. */
export const scalarOf = (bytes: Hex): bigint => modN(hexToBigInt(bytes));
export const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

/**
 * 1/z of the sum of affine points as Secp256k1.sol adds them up, one after the other: the hint that spares the contract
 * an inversion. 0 when two equal or opposite points meet, which the contract refuses too.
 */
export function inverseHint(points: readonly { x: bigint; y: bigint }[]): bigint {
  const { Fp } = CURVE;
  let [x1, y1, z1] = [0n, 0n, 0n];
  for (const { x, y } of points) {
    if (z1 === 0n) {
      [x1, y1, z1] = [x, y, 1n];
      continue;
    }
    const zz = Fp.sqr(z1);
    const h = Fp.sub(Fp.mul(x, zz), x1);
    const r = Fp.sub(Fp.mul(y, Fp.mul(z1, zz)), y1);
    const h2 = Fp.sqr(h);
    const h3 = Fp.mul(h, h2);
    const u = Fp.mul(x1, h2);
    x1 = Fp.sub(Fp.sqr(r), Fp.add(h3, Fp.add(u, u)));
    y1 = Fp.sub(Fp.mul(r, Fp.sub(u, x1)), Fp.mul(y1, h3));
    z1 = Fp.mul(z1, h);
  }
  return z1 === 0n ? 0n : Fp.inv(z1);
}

/** (x, -y) */
export const opposite = ({ x, y }: { x: bigint; y: bigint }): { x: bigint; y: bigint } => ({ x, y: P - y });
