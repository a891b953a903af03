import type { Hex } from "@sooth/kernel";
import { hexToBigInt, size, slice } from "viem";
import type { Leg, Place } from "./types.ts";

/**
 * The leg's calldata with what it takes from others put in, as Inputs.sol does it; null when a condition does not hold or a
 * splice does not fit, so that the leg would fail without a call.
 * @param returnedBy what a leg before it returned; null when it was never called
 */
export function filled(leg: Leg, returnedBy: (place: Place) => Hex | null): Hex | null {
  for (const { from, source, comparison, value } of leg.conditions) {
    const word = wordAt(returnedBy(from), source);
    if (word === null) return null;
    const holds =
      comparison === "equal" ? word === value : comparison === "at_least" ? word >= value : word <= value;
    if (!holds) return null;
  }
  let data = leg.data;
  for (const { from, source, length, target } of leg.splices) {
    const returned = returnedBy(from);
    if (returned === null || source + length > size(returned) || target + length > size(data)) return null;
    if (length === 0) continue;
    const [start, end] = [2 + 2 * target, 2 + 2 * (target + length)];
    data =
      `${data.slice(0, start)}${slice(returned, source, source + length).slice(2)}${data.slice(end)}` as Hex;
  }
  return data;
}

function wordAt(returned: Hex | null, source: number): bigint | null {
  if (returned === null || source + 32 > size(returned)) return null;
  return hexToBigInt(slice(returned, source, source + 32));
}
