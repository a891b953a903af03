import { type Hex, keccak256 } from "@sooth/kernel";
import { hexToBytes } from "viem";

const BLOOM_BITS = 2048;
/** Addresses and event topics repeat in every block; ids do not, so the memory is bounded. */
const MEMORY = 4_096;
const memory = new Map<string, readonly number[]>();

/**
 * Whether a value may be among the addresses and topics of a block's logs. False is certain, true is not.
 * Source: Ethereum yellow paper 4.3.1, the three lowest 11-bit pairs of the value's keccak256.
 */
export function bloomHas(bloom: Hex, value: Hex): boolean {
  return bitsOf(value).every((bit) => {
    // The lowest bit is the last of the text; four bits per digit.
    const digit = Number.parseInt(bloom.charAt(2 + (BLOOM_BITS - 4 - (bit & ~3)) / 4), 16);
    return (digit & (1 << (bit & 3))) !== 0;
  });
}

function bitsOf(value: Hex): readonly number[] {
  const known = memory.get(value);
  if (known) return known;
  const hash = hexToBytes(keccak256(value));
  const bits = [0, 2, 4].map((at) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & (BLOOM_BITS - 1));
  if (memory.size >= MEMORY) memory.clear();
  memory.set(value, bits);
  return bits;
}
