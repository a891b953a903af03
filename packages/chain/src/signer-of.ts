import { secp256k1 } from "@bitauth/libauth";
import { type Address, type Hex, keccak256 } from "@sooth/kernel";
import { hexToBytes } from "viem";

/**
 * Who signed `hash`, lower-case; null when nobody did. For whoever checks many signatures: libsecp256k1 as WebAssembly takes a
 * tenth of the time that viem's does, which is written in JavaScript so that browsers need load no more.
 * @param signature r|s|v, 65 bytes; v is 0, 1, 27 or 28. Anything else recovers nobody.
 */
export function signerOf(hash: Hex, signature: Hex): Address | null {
  if (!/^0x[0-9a-f]{130}$/i.test(signature)) return null;
  const v = Number.parseInt(signature.slice(130), 16);
  const recovery = v >= 27 ? v - 27 : v;
  if (recovery !== 0 && recovery !== 1) return null;
  const key = secp256k1.recoverPublicKeyUncompressed(
    hexToBytes(signature).subarray(0, 64),
    recovery,
    hexToBytes(hash),
  );
  if (typeof key === "string") return null; // why, in words: to the caller they are all the same
  // Behind a byte that says how the key is written.
  return `0x${keccak256(key.subarray(1)).slice(26)}`;
}
