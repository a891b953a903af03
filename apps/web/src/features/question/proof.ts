import type { Hex } from "@sooth/kernel";
import { isItemProved, packedRoot, unpackItem } from "@sooth/oracle/core";
import type { ItemProof } from "../../api.ts";

/** Whether the proof leads from this answer to the root, reckoned in the browser. */
export function isProved({ root, index, value, proof, words }: ItemProof): boolean {
  if (proof !== null) return isItemProved(root as Hex, index, BigInt(value), proof as Hex[]);
  const packed = (words ?? []).map(BigInt);
  return packed.length > 0 && packedRoot(packed) === root && unpackItem(packed, index) === BigInt(value);
}
