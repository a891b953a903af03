import { type Hex } from "@sooth/kernel";
import { concatHex, numberToHex, toEventSelector } from "viem";

/** Topic 0 of `Staked`; IMarkets. */
export const STAKED = toEventSelector("Staked(bytes32,address,uint8,uint72)");

/** Two bytes of a jump target. */
const target = (position: number): Hex => numberToHex(position, { size: 2 });

/**
 * EVM code that emits `Staked` as the markets contract does, in a loop: calldata is market (32) | first owner (32) |
 * count (32). Owners count up from the first; the outcome is the owner's lowest bit; the amount is owner + 1,000,000.
 * Put in the place of the contract on a local node, it fills a chain with events at a fraction of the cost.
 */
export function emitterCode(): Hex {
  // Stack between rounds: [i, end], i on top.
  const start = concatHex([
    "0x604035", // count
    "0x602035", // first
    "0x01", // end = first + count
    "0x602035", // i = first
  ]);
  const loop = (start.length - 2) / 2;
  const body = concatHex([
    "0x5b", // loop:
    "0x80620f424001", // dup i; push3 1000000; add
    "0x600052", // mstore(0, amount)
    "0x80600116", // outcome = i & 1
    "0x81", // owner = i
    "0x600035", // market
    concatHex(["0x7f", STAKED]),
    "0x60206000a4", // log4(0, 32, topic0, market, owner, outcome)
    "0x600101", // i + 1
    "0x818110", // i < end
    concatHex(["0x61", target(loop)]),
    "0x57", // again
    "0x00",
  ]);
  return concatHex([start, body]);
}

/** Calldata for `count` events whose owners begin at `first`. */
export const emitterCall = (market: Hex, first: number, count: number): Hex =>
  concatHex([market, numberToHex(first, { size: 32 }), numberToHex(count, { size: 32 })]);
