import type { Hex } from "@sooth/kernel";
import { hexToBytes, keccak256 } from "viem";

/** Where a word stands in a block's bloom: three of its 2,048 bits (yellow paper, 4.4.3). */
function bitsOf(word: Hex): number[] {
  const hash = hexToBytes(keccak256(word));
  return [0, 2, 4].map((at) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 2_047);
}

/** Tells of a block's bloom whether it may have a log of one of these contracts, with one of these first topics. */
export function bloomTest(addresses: readonly Hex[], topics: readonly Hex[]): (bloom: Hex) => boolean {
  const [ofAddresses, ofTopics] = [addresses.map(bitsOf), topics.map(bitsOf)];
  return (bloom) => {
    const bytes = hexToBytes(bloom);
    if (bytes.length !== 256) return false;
    const has = (bits: readonly number[]) =>
      bits.every((bit) => ((bytes[255 - (bit >> 3)] ?? 0) >> (bit & 7)) & 1);
    return ofAddresses.some(has) && ofTopics.some(has);
  };
}
