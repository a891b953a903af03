import { bn254 } from "@noble/curves/bn254.js";
import { bytesToBigInt, concat, type Hex, hexToBytes, keccak256, numberToBytes, stringToBytes } from "viem";

const { Fp } = bn254.fields;
export type Point = { x: bigint; y: bigint };
/** What one element maps to, and what spares the contract its square roots: see contracts/src/randomness/HashToCurve.sol. */
export type Mapped = Point & {
  /** Which candidate had a root: 0, 1 or 2. */
  kind: number;
  /** Root of -g(x1), which tells that g(x1) is no square; null where the first candidate had the root. */
  nonSquare: bigint | null;
};

const TAG = stringToBytes("BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_");
/** Bytes of a block of keccak256, of what is asked for, and of one element before it is reduced. */
const [BLOCK, WANTED, ELEMENT] = [136, 96, 48];

// Constants of the map for y^2 = x^3 + 3 with Z = 1 (RFC 9380, 6.6.1).
const g = (x: bigint): bigint => Fp.add(Fp.mul(Fp.sqr(x), x), 3n);
const C1 = g(1n);
const C2 = Fp.neg(Fp.inv(2n));
const C3 = even(Fp.sqrt(Fp.neg(Fp.mul(C1, 3n))));
const C4 = Fp.neg(Fp.div(Fp.mul(4n, C1), 3n));

function even(value: bigint): bigint {
  return value % 2n === 0n ? value : Fp.neg(value);
}

/** What drand's evmnet signs for a round: the hash of its number as 8 bytes. */
export const messageOf = (round: bigint): Hex => keccak256(numberToBytes(round, { size: 8 }));

/** The two elements of hash_to_field (RFC 9380, 5.2 and 5.3.1) over keccak256. */
export function fieldElements(message: Hex): [bigint, bigint] {
  const tag = concat([TAG, new Uint8Array([TAG.length])]);
  const asked = new Uint8Array([0, WANTED, 0]);
  const b0 = keccak256(concat([new Uint8Array(BLOCK), hexToBytes(message), asked, tag]), "bytes");
  const blocks: Uint8Array[] = [];
  for (let last = new Uint8Array(b0.length); blocks.length < WANTED / b0.length;) {
    const counter = new Uint8Array([blocks.length + 1]);
    last = Uint8Array.from(
      keccak256(concat([b0.map((byte, i) => byte ^ (last[i] ?? 0)), counter, tag]), "bytes"),
    );
    blocks.push(last);
  }
  const uniform = concat(blocks);
  return [
    Fp.create(bytesToBigInt(uniform.slice(0, ELEMENT))),
    Fp.create(bytesToBigInt(uniform.slice(ELEMENT))),
  ];
}

/** (1 + 4u^2)(1 - 4u^2): what the map divides by. */
export function denominator(u: bigint): bigint {
  const t = Fp.mul(Fp.sqr(u), C1);
  return Fp.mul(Fp.add(1n, t), Fp.sub(1n, t));
}

/** The map of Shallue and van de Woestijne (RFC 9380, 6.6.1), with its witnesses. */
export function mapToCurve(u: bigint): Mapped {
  const t = Fp.mul(Fp.sqr(u), C1);
  const inverse = Fp.inv(denominator(u));
  const s = Fp.mul(Fp.mul(Fp.mul(u, Fp.sub(1n, t)), inverse), C3);
  const third = Fp.mul(Fp.sqr(Fp.add(1n, t)), inverse);
  const candidates = [Fp.sub(C2, s), Fp.add(C2, s), Fp.add(1n, Fp.mul(Fp.sqr(third), C4))];
  for (const [kind, x] of candidates.entries()) {
    const root = rootOf(g(x));
    if (root === null) continue;
    const y = root % 2n === u % 2n ? root : Fp.neg(root);
    const nonSquare = kind === 0 ? null : rootOf(Fp.neg(g(candidates[0] ?? 0n)));
    return { x, y, kind, nonSquare };
  }
  // The product of the three is a square, so that one of them always is.
  throw new Error("no candidate of the map has a root");
}

function rootOf(value: bigint): bigint | null {
  // P is 3 mod 4, so this power is the root, if there is one.
  const root = Fp.pow(value, (Fp.ORDER + 1n) / 4n);
  return Fp.eql(Fp.sqr(root), value) ? root : null;
}
