import { at, type Hex } from "@sooth/kernel";
import { encodeAbiParameters, hexToBigInt, keccak256 } from "viem";
import { CourtError } from "./errors.ts";

/** Nobody holds more than a seventh of the seats, rounded up. */
const SHARES = 7;

/** Seats that one juror may hold. */
export const seatCap = (size: number): number => Math.ceil(size / SHARES);
/** Jurors that it takes to fill `size` seats. */
export const leastJurors = (size: number): number => Math.ceil(size / seatCap(size));

const isExcluded = (excluded: bigint, juror: number): boolean => ((excluded >> BigInt(juror)) & 1n) === 1n;

/** How many may sit: those with weight that are not excluded. */
export const eligibleJurors = (weights: readonly bigint[], excluded: bigint): number =>
  weights.filter((weight, juror) => weight > 0n && !isExcluded(excluded, juror)).length;

const sum = (weights: readonly bigint[]): bigint => weights.reduce((all, weight) => all + weight, 0n);

/**
 * Whether the court opens a jury of this size: those who may sit can fill it, and weigh a third of all. Mirror of
 * `Draw.eligible` and of what `Court.open` asks.
 */
export function canFill(weights: readonly bigint[], excluded: bigint, size: number): boolean {
  const theirs = weights.filter((_, juror) => !isExcluded(excluded, juror));
  return 3n * sum(theirs) >= sum(weights) && eligibleJurors(weights, excluded) >= leastJurors(size);
}

/** What draws a jury: the beacon's seed and the jury's id, so that juries of one round do not fall to the same people. */
export const jurySeed = (beacon: Hex, jury: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [beacon, jury]));

/** Lot i of a seed, before it is taken modulo the weight of those who may still sit. */
const lotOf = (seed: Hex, seat: number): bigint =>
  hexToBigInt(
    keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [seed, BigInt(seat)])),
  );

/**
 * Who holds each seat, as indices into `weights`: by weight, with replacement, until somebody holds his full share; he
 * drops out with his weight. Mirror of Draw.sol. @throws court.too_few_jurors when they cannot fill the seats
 */
export function drawSeats(weights: readonly bigint[], excluded: bigint, size: number, seed: Hex): number[] {
  const [eligible, wanted] = [eligibleJurors(weights, excluded), leastJurors(size)];
  if (eligible < wanted) throw CourtError.too_few_jurors({ eligible, wanted });
  const left = weights.map((weight, juror) => (isExcluded(excluded, juror) ? 0n : weight));
  let total = left.reduce((sum, weight) => sum + weight, 0n);
  const held = weights.map(() => 0);
  const cap = seatCap(size);
  return Array.from({ length: size }, (_, seat) => {
    let lot = lotOf(seed, seat) % total;
    const juror = left.findIndex((weight) => {
      if (lot < weight) return true;
      lot -= weight;
      return false;
    });
    held[juror] = at(held, juror) + 1;
    if (held[juror] === cap) {
      total -= at(left, juror);
      left[juror] = 0n;
    }
    return juror;
  });
}
