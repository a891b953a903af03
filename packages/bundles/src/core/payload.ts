import type { Hex } from "@sooth/kernel";
import { encodeAbiParameters } from "viem";
import { CanonicalWords, NotCanonical } from "./canonical-words.ts";
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
 * only their hashes tell. Every word is read where {@link encodeLegs} writes it, and nothing else is taken: viem's decoder takes
 * what nothing behind this could hash, so that all of it had to be encoded again, at five times the price.
 */
export function decodeLegs(bytes: Hex): Leg[] | null {
  try {
    const words = new CanonicalWords(bytes);
    words.expectAt(words.number(32));
    const legs = words.tails(() => readLeg(words));
    words.end();
    return legs;
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

/** In the order in which it is written: where its tails stand is said before they do. */
function readLeg(words: CanonicalWords): Leg {
  const start = words.at;
  const chainId = Number(words.big(256));
  const kind = LEG_KINDS[words.number(8)];
  const target = words.address();
  const value = words.big(96);
  const gasLimit = words.number(32);
  const dataAt = words.number(32);
  const [needsOk, needsFailed, needsSettled] = [words.number(32), words.number(32), words.number(32)];
  const undoes = words.number(8);
  const [splicesAt, conditionsAt] = [words.number(32), words.number(32)];
  const salt = words.bytes32();
  words.expectAt(start + dataAt);
  const data = words.bytes();
  words.expectAt(start + splicesAt);
  const splices = words.list(() => ({
    from: words.number(8),
    source: words.number(16),
    length: words.number(16),
    target: words.number(32),
  }));
  words.expectAt(start + conditionsAt);
  const conditions = words.list(() => ({
    from: words.number(8),
    source: words.number(16),
    comparison: comparisonOf(words.number(8)),
    value: words.big(256),
  }));
  if (kind === undefined || !Number.isSafeInteger(chainId)) throw new NotCanonical("no such leg");
  return {
    chainId,
    kind,
    target,
    value,
    gasLimit,
    data,
    needsOk: placesIn(needsOk),
    needsFailed: placesIn(needsFailed),
    needsSettled: placesIn(needsSettled),
    undoes: undoes === NO_LEG ? null : undoes,
    splices,
    conditions,
    salt,
  };
}

function comparisonOf(number: number): Leg["conditions"][number]["comparison"] {
  const comparison = COMPARISONS[number];
  if (comparison === undefined) throw new NotCanonical("no such comparison");
  return comparison;
}
