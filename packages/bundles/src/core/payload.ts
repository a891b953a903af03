import type { Hex } from "@sooth/kernel";
import { BaseError, decodeAbiParameters, encodeAbiParameters } from "viem";
import { bitmapOf, placesIn } from "./hashes.ts";
import { COMPARISONS, type Leg, LEG_KINDS } from "./types.ts";

/** Mirror of `Leg` in BundleTypes.sol, whole: what stands in the hub's log when a bundle is opened for all to read. */
const LEGS = [
  {
    type: "tuple[]",
    components: [
      { name: "chainId", type: "uint256" },
      { name: "kind", type: "uint8" },
      { name: "target", type: "address" },
      { name: "value", type: "uint96" },
      { name: "gasLimit", type: "uint32" },
      { name: "data", type: "bytes" },
      { name: "needsOk", type: "uint32" },
      { name: "needsFailed", type: "uint32" },
      { name: "needsSettled", type: "uint32" },
      { name: "undoes", type: "uint8" },
      {
        name: "splices",
        type: "tuple[]",
        components: [
          { name: "from", type: "uint8" },
          { name: "source", type: "uint16" },
          { name: "length", type: "uint16" },
          { name: "target", type: "uint32" },
        ],
      },
      {
        name: "conditions",
        type: "tuple[]",
        components: [
          { name: "from", type: "uint8" },
          { name: "source", type: "uint16" },
          { name: "comparison", type: "uint8" },
          { name: "value", type: "uint256" },
        ],
      },
      { name: "salt", type: "bytes32" },
    ],
  },
] as const;
const NO_LEG = 255;

/** `abi.encode(Leg[])`: legs for all to read. */
export const encodeLegs = (legs: readonly Leg[]): Hex =>
  encodeAbiParameters(LEGS, [
    legs.map((leg) => ({
      ...leg,
      chainId: BigInt(leg.chainId),
      kind: LEG_KINDS.indexOf(leg.kind),
      needsOk: bitmapOf(leg.needsOk),
      needsFailed: bitmapOf(leg.needsFailed),
      needsSettled: bitmapOf(leg.needsSettled),
      undoes: leg.undoes ?? NO_LEG,
      conditions: leg.conditions.map((one) => ({
        ...one,
        comparison: COMPARISONS.indexOf(one.comparison),
      })),
    })),
  ]);

/**
 * The legs that a log says; null where its bytes are none, since the hub logs what it is given. Whether they are the bundle's
 * only their hashes tell.
 */
export function decodeLegs(bytes: Hex): Leg[] | null {
  try {
    const [legs] = decodeAbiParameters(LEGS, bytes);
    const found = legs.map((leg): Leg => {
      const kind = LEG_KINDS[leg.kind];
      const chainId = Number(leg.chainId);
      if (kind === undefined || !Number.isSafeInteger(chainId)) throw new BaseError("no such leg");
      return {
        ...leg,
        kind,
        chainId,
        target: leg.target.toLowerCase() as Hex,
        needsOk: placesIn(leg.needsOk),
        needsFailed: placesIn(leg.needsFailed),
        needsSettled: placesIn(leg.needsSettled),
        undoes: leg.undoes === NO_LEG ? null : leg.undoes,
        splices: [...leg.splices],
        conditions: leg.conditions.map((one) => {
          const comparison = COMPARISONS[one.comparison];
          if (comparison === undefined) throw new BaseError("no such comparison");
          return { ...one, comparison };
        }),
      };
    });
    // Decoding lets words through that are larger than their types, and nothing behind this could hash those.
    return encodeLegs(found) === bytes.toLowerCase() ? found : null;
  } catch (error) {
    // Of bytes that are no encoding viem says so, or runs over an end.
    if (error instanceof BaseError || error instanceof RangeError) return null;
    throw error;
  }
}
