import { bn254 } from "@noble/curves/bn254.js";
import {
  bytesToBigInt,
  bytesToHex,
  concat,
  type Hex,
  hexToBigInt,
  hexToBytes,
  keccak256,
  numberToHex,
  size,
  slice,
  stringToBytes,
} from "viem";
import { G2, hashOf, type KeyPoint, readKey, readSignature, writeKey } from "./points.ts";
import { keyPoint } from "./scheme.ts";

/**
 * Bytes that nobody reads before the beacon has signed a round, and everybody afterwards: identity-based encryption by Boneh and
 * Franklin (CRYPTO 2001, "FullIdent", with the transform of Fujisaki and Okamoto), as drand's tlock has it for its other schemes. The
 * identity is the round, its private key is the round's signature.
 *
 * version (1 byte) | round (8) | U = r G2 (128, as the scheme writes keys) | V = sigma xor H2(e(H(round), key)^r) (32) |
 * W = message xor H4(sigma), where r = H3(sigma, message). Who opens works r out again, so that bytes that were changed open
 * to nothing.
 */
const VERSION = 1;
const [ROUND_AT, U_AT, V_AT, W_AT] = [1, 9, 137, 169];
const SIGMA_BYTES = 32;
const { Fr, Fp12 } = bn254.fields;

/** Bytes that a message of so many takes when locked. */
export const lockedSize = (messageBytes: number): number => W_AT + messageBytes;

/**
 * Locks `message` until `round` is signed. Pure: `chance` is 32 bytes that nobody else knows, anew for each message; who learns
 * them reads the message. @throws randomness.bad_key
 */
export function lockUntil(publicKey: Hex, round: bigint, message: Hex, chance: Hex): Hex {
  if (size(chance) !== SIGMA_BYTES) throw new RangeError(`${size(chance)} bytes of chance, not 32`);
  const r = exponentOf(chance, message);
  // e(rQ, key) is e(Q, key)^r, and cheaper.
  const shared = bn254.pairing(hashOf(round).multiply(r), keyPoint(publicKey));
  return concat([
    numberToHex(VERSION, { size: 1 }),
    numberToHex(round, { size: 8 }),
    writeKey(G2.BASE.multiply(r)),
    xor(chance, maskOf(shared)),
    xor(message, streamOf(chance, size(message))),
  ]);
}

/** The round by which it opens; null for anything that is not of this form. */
export function lockedUntil(locked: Hex): bigint | null {
  if (size(locked) < W_AT || hexToBigInt(slice(locked, 0, ROUND_AT)) !== BigInt(VERSION)) return null;
  return hexToBigInt(slice(locked, ROUND_AT, U_AT));
}

/**
 * The message, by the beacon's signature of its round, which the caller has checked (`verify`); null where it is malformed, was
 * changed, or is locked until another round. 40 ms of arithmetic.
 */
export function unlock(locked: Hex, signature: Hex): Hex | null {
  if (lockedUntil(locked) === null) return null;
  const point = readSignature(signature);
  const u = pointIn(slice(locked, U_AT, V_AT));
  if (point === null || u === null) return null;
  const chance = xor(slice(locked, V_AT, W_AT), maskOf(bn254.pairing(point, u)));
  const masked = size(locked) === W_AT ? "0x" : slice(locked, W_AT);
  const message = xor(masked, streamOf(chance, size(masked)));
  return G2.BASE.multiply(exponentOf(chance, message)).equals(u) ? message : null;
}

function pointIn(bytes: Hex): KeyPoint | null {
  try {
    return readKey(bytes);
  } catch {
    return null; // whoever locked it wrote something else there
  }
}

/* HASHES */

const tagged = (tag: string, ...parts: readonly (Hex | Uint8Array)[]): Uint8Array =>
  keccak256(
    concat([
      stringToBytes(`sooth.time-lock.${tag}`),
      ...parts.map((part) => (typeof part === "string" ? hexToBytes(part) : part)),
    ]),
    "bytes",
  );

/** H2: of the pairing's value, its twelve coefficients big-endian in the order of the tower. */
const maskOf = (shared: ReturnType<typeof bn254.pairing>): Hex =>
  bytesToHex(tagged("mask", Fp12.toBytes(shared)));

/** H3: 512 bits, so that reducing them to the group's order favours nothing. */
function exponentOf(chance: Hex, message: Hex): bigint {
  const wide = concat([tagged("exponent.0", chance, message), tagged("exponent.1", chance, message)]);
  // Zero is one of 2^254, and not to be multiplied by.
  return Fr.create(bytesToBigInt(wide)) || 1n;
}

/** H4: as many bytes as are asked for. */
function streamOf(chance: Hex, bytes: number): Hex {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    tagged("stream", chance, numberToHex(index, { size: 4 })),
  );
  return bytesToHex(concat([new Uint8Array(0), ...blocks]).slice(0, bytes));
}

function xor(a: Hex, b: Hex): Hex {
  const other = hexToBytes(b);
  return bytesToHex(hexToBytes(a).map((byte, index) => byte ^ (other[index] ?? 0)));
}
