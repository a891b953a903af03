import { createKeccak } from "hash-wasm";
import { BaseError, type Hex, hexToBytes } from "viem";

const hasher = await createKeccak(256);

/** @throws BaseError of viem, for text that is no hex */
export function keccak256(value: Hex | Uint8Array): Hex {
  hasher.init();
  hasher.update(typeof value === "string" ? bytesOf(value) : value);
  return `0x${hasher.digest()}`;
}

function bytesOf(hex: Hex): Uint8Array {
  const bytes = Buffer.from(hex.slice(2), "hex");
  const isWhole = hex.startsWith("0x") && 2 * bytes.length + 2 === hex.length;
  // Of a wider character Node reads the lower half, which may be a digit.
  if (isWhole && Buffer.byteLength(hex) === hex.length) return bytes;
  // What is odd, or no hex at all, Node left out without a word.
  if (!/^0x[0-9a-f]*$/i.test(hex)) throw new BaseError("Only hex can be hashed.");
  return hexToBytes(hex);
}
