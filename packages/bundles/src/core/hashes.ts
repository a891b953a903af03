import { type Hex, keccak256 } from "@sooth/kernel";
import {
  BaseError,
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  hashTypedData,
  stringToBytes,
} from "viem";
import { type Bundle, COMPARISONS, type Hub, type Leg, LEG_KINDS, MODES, type Place } from "./types.ts";
import { addressWord, bytes32Word, uintWord } from "./words.ts";

/** Mirror of BundleHashes.sol; the cases that bind both: vectors/bundles.json. */

export const NO_LEG = 255;
/** Hash of inputs of a leg that takes none. */
export const NO_INPUTS: Hex = `0x${"00".repeat(32)}`;
const LEG_TYPEHASH = keccak256(
  stringToBytes(
    "Leg(uint256 chainId,uint8 kind,address target,uint96 value,uint32 gasLimit,bytes32 dataHash,uint32 needsOk,uint32 needsFailed,uint32 needsSettled,uint8 undoes,bytes32 inputsHash,bytes32 salt)",
  ),
);
const NO_DATA = keccak256("0x");
const INPUTS = [
  {
    type: "tuple[]",
    components: [
      { name: "from", type: "uint8" },
      { name: "source", type: "uint16" },
      { name: "length", type: "uint16" },
      { name: "target", type: "uint32" },
    ],
  },
  {
    type: "tuple[]",
    components: [
      { name: "from", type: "uint8" },
      { name: "source", type: "uint16" },
      { name: "comparison", type: "uint8" },
      { name: "value", type: "uint256" },
    ],
  },
] as const;

/** Places as the bits of a word of 32. */
export const bitmapOf = (places: readonly Place[]): number =>
  places.reduce((bits, place) => (bits | (1 << place)) >>> 0, 0);

/** The places whose bits stand in `bitmap`, ascending. */
export const placesIn = (bitmap: number): Place[] =>
  Array.from({ length: 32 }, (_, place) => place).filter((place) => (bitmap >>> place) & 1);

type Thirteen<T> = readonly [T, T, T, T, T, T, T, T, T, T, T, T, T];

/** What a leg's hash holds of its payload: enough where that stays private. */
export type HashedPayload = { dataHash: Hex; inputsHash: Hex };

/** The words that a leg's hash is of, the type's first: enough to show what it undoes, and not what it calls with. */
export const legWords = (leg: Leg): Thirteen<Hex> =>
  wordsOf(leg, {
    dataHash: leg.data === "0x" ? NO_DATA : keccak256(leg.data),
    inputsHash: inputsHash(leg),
  });

const wordsOf = (leg: Leg, hashed: HashedPayload): Thirteen<Hex> => [
  LEG_TYPEHASH,
  `0x${uintWord(leg.chainId, 256)}`,
  `0x${uintWord(LEG_KINDS.indexOf(leg.kind), 8)}`,
  `0x${addressWord(leg.target)}`,
  `0x${uintWord(leg.value, 96)}`,
  `0x${uintWord(leg.gasLimit, 32)}`,
  `0x${bytes32Word(hashed.dataHash)}`,
  `0x${uintWord(bitmapOf(leg.needsOk), 32)}`,
  `0x${uintWord(bitmapOf(leg.needsFailed), 32)}`,
  `0x${uintWord(bitmapOf(leg.needsSettled), 32)}`,
  `0x${uintWord(leg.undoes ?? NO_LEG, 8)}`,
  `0x${bytes32Word(hashed.inputsHash)}`,
  `0x${bytes32Word(leg.salt)}`,
];

/** The EIP-712 struct hash that an owner commits to. */
export const legHash = (leg: Leg): Hex => keccak256(concat(legWords(leg)));

/** The same of a leg of which no more than hashes of its payload are known. */
export const legHashBy = (leg: Leg, payload: HashedPayload): Hex => keccak256(concat(wordsOf(leg, payload)));

/** `abi.encode(splices, conditions)`; null when there are neither. */
export function encodeInputs({ splices, conditions }: Pick<Leg, "splices" | "conditions">): Hex | null {
  if (splices.length + conditions.length === 0) return null;
  const numbered = conditions.map((one) => ({ ...one, comparison: COMPARISONS.indexOf(one.comparison) }));
  return encodeAbiParameters(INPUTS, [splices, numbered]);
}

/** What {encodeInputs} encoded; null where these bytes are none. */
export function decodeInputs(inputs: Hex): Pick<Leg, "splices" | "conditions"> | null {
  if (inputs === "0x") return { splices: [], conditions: [] };
  try {
    const [splices, numbered] = decodeAbiParameters(INPUTS, inputs);
    const conditions = numbered.flatMap((one) => {
      const comparison = COMPARISONS[one.comparison];
      return comparison === undefined ? [] : [{ ...one, comparison }];
    });
    return conditions.length === numbered.length ? { splices: [...splices], conditions } : null;
  } catch (error) {
    // Of bytes that are no encoding viem says so, or runs over an end.
    if (error instanceof BaseError || error instanceof RangeError) return null;
    throw error;
  }
}

function inputsHash(leg: Leg): Hex {
  const inputs = encodeInputs(leg);
  return inputs === null ? NO_INPUTS : keccak256(inputs);
}

/** What stands in the header for all legs: the hash of their hashes, one after the other. */
export const legsHashOf = (hashes: readonly Hex[]): Hex => keccak256(concat(hashes));

/** EIP-712 of a bundle's header, as the hub checks an owner's signature and as a payer signs for his escrow. */
export const bundleTypedData = ({ chainId, hub }: Hub, bundle: Bundle) =>
  ({
    domain: { name: "Sooth Bundles", version: "1", chainId, verifyingContract: hub },
    types: {
      Bundle: [
        { name: "owner", type: "address" },
        { name: "mode", type: "uint8" },
        { name: "legs", type: "uint8" },
        { name: "deadline", type: "uint40" },
        { name: "legsHash", type: "bytes32" },
        { name: "fee", type: "uint96" },
        { name: "salt", type: "uint64" },
      ],
    },
    primaryType: "Bundle",
    message: { ...bundle, mode: MODES.indexOf(bundle.mode) },
  }) as const;

/** The id: known to the owner before anything is sent, and other for another hub or chain. */
export const bundleId = (hub: Hub, bundle: Bundle): Hex => hashTypedData(bundleTypedData(hub, bundle));
