import { slasherAbi } from "@sooth/abi";
import { type Hex, sameAddress } from "@sooth/kernel";
import { decodeAbiParameters, decodeFunctionData, encodeAbiParameters, encodeFunctionData } from "viem";
import type { Bundle } from "../types.ts";
import { MODES } from "../types.ts";
import { type AttestersAt, batchDigest } from "../facts.ts";
import { signaturesIn } from "../proof/read-calls.ts";
import type { Claim } from "./signed-part.ts";

const CLAIM = {
  type: "tuple",
  components: [
    { name: "epoch", type: "uint32" },
    { name: "validUntil", type: "uint40" },
    { name: "root", type: "bytes32" },
    { name: "kind", type: "uint256" },
    { name: "subject", type: "bytes32" },
    { name: "content", type: "bytes32" },
    { name: "path", type: "bytes32[]" },
  ],
} as const;
const HEADER = {
  type: "tuple",
  components: [
    { name: "owner", type: "address" },
    { name: "mode", type: "uint8" },
    { name: "legs", type: "uint8" },
    { name: "deadline", type: "uint40" },
    { name: "legsHash", type: "bytes32" },
    { name: "fee", type: "uint96" },
    { name: "salt", type: "uint64" },
  ],
} as const;

/** What the hub wants to see beside a claim about an opening: whose leg it is that stands there. */
export const shownOpening = (bundle: Bundle, hashes: readonly Hex[]): Hex =>
  encodeAbiParameters(
    [HEADER, { type: "bytes32[]" }],
    [{ ...bundle, mode: MODES.indexOf(bundle.mode) }, hashes],
  );
/** The same beside a claim about a day: which epoch it names. */
export const shownDay = (epoch: number): Hex => encodeAbiParameters([{ type: "uint32" }], [epoch]);

/** `ISlasher.equivocatedFacts`: two contents of one subject, each with the signature of its batch. */
export const conflictCall = (one: Claim, other: Claim, signatures: readonly [Hex, Hex]): Hex =>
  encodeFunctionData({
    abi: slasherAbi,
    functionName: "equivocatedFacts",
    args: [encodeAbiParameters([CLAIM, CLAIM], [one, other]), ...signatures],
  });

/** `ISlasher.falseFact`: one that the hub's own state shows to be false. */
export const falsehoodCall = (claim: Claim, shown: Hex, signature: Hex): Hex =>
  encodeFunctionData({
    abi: slasherAbi,
    functionName: "falseFact",
    args: [encodeAbiParameters([CLAIM, { type: "bytes" }], [claim, shown]), signature],
  });

export type Accusation = {
  functionName: "equivocatedFacts" | "falseFact";
  /** Each with the signature that it is said to have. */
  claims: readonly { claim: Claim; signature: Hex }[];
};

/** What a call to the slasher accuses of, for whoever is handed one; null where it is no such call. */
export function accusationIn(data: Hex): Accusation | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi: slasherAbi, data });
    if (functionName === "equivocatedFacts") {
      const [one, other] = decodeAbiParameters([CLAIM, CLAIM], args[0]);
      return {
        functionName,
        claims: [
          { claim: one, signature: args[1] },
          { claim: other, signature: args[2] },
        ],
      };
    }
    if (functionName !== "falseFact") return null;
    const [claim] = decodeAbiParameters([CLAIM, { type: "bytes" }], args[0]);
    return { functionName, claims: [{ claim, signature: args[1] }] };
  } catch {
    // Bytes that are none of these say nothing, in whichever way they fail to be read.
    return null;
  }
}

/** Whom a call to the slasher accuses, by the signatures in it; null when it accuses nobody, or two different keys. */
export function accusedBy(
  data: Hex,
  at: AttestersAt,
  signerOf: (digest: Hex, signature: Hex) => Hex | null,
): Hex | null {
  const signers = (accusationIn(data)?.claims ?? []).map(({ claim, signature }) => {
    const [whole] = signaturesIn(signature);
    return whole === undefined ? null : signerOf(batchDigest(at, claim), whole);
  });
  const [first] = signers;
  if (first === undefined || first === null) return null;
  return signers.every((each) => each !== null && sameAddress(each, first)) ? first : null;
}
