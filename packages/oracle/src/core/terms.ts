import { type Address, type Hex, need } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, parseAbiParameters, stringToBytes } from "viem";
import type { z } from "zod";
import type { wireTerms } from "./wire.ts";

export type Aggregation = "plurality" | "median" | "root";

/** A question IS the hash of these. Times are unix seconds by the chain's clock, amounts collateral. */
export type Terms = {
  asker: Address;
  /** keccak256 of the schema text. */
  schema: Hex;
  aggregation: Aggregation;
  /** Inclusive bounds of a value, fixed point with the schema's decimals. */
  min: bigint;
  max: bigint;
  /** A report this close to the answer counts towards its confidence. */
  tolerance: bigint;
  opensAt: number;
  deadline: number;
  liveness: number;
  reward: bigint;
  nonce: bigint;
  /** Whose signer set answers: 0 to 15. */
  domain: number;
  /** What is asked about may end before opensAt, and be answered then, by more weight. */
  endsEarly: boolean;
  /** The most collateral that the asker lets depend on the answer. */
  secures: bigint;
};

/** The struct as viem takes and gives it. */
export type ChainTerms = Omit<Terms, "aggregation"> & { aggregation: number };
export type WireTerms = z.infer<typeof wireTerms>;

/** Whose signer set answers where an asker names none: what is shown and watched everywhere is of this one. */
export const USUAL_DOMAIN = 0;

const AGGREGATIONS = ["plurality", "median", "root"] as const;
const QUESTION = parseAbiParameters([
  "Question terms",
  "struct Question { address asker; bytes32 schema; uint8 aggregation; int96 min; int96 max; uint96 tolerance; uint40 opensAt; uint40 deadline; uint32 liveness; uint96 reward; uint64 nonce; uint8 domain; bool endsEarly; uint96 secures; }",
]);

export const termsToChain = (terms: Terms): ChainTerms => ({
  ...terms,
  aggregation: AGGREGATIONS.indexOf(terms.aggregation),
});

export function termsFromChain(terms: ChainTerms): Terms {
  const { aggregation, ...same } = terms;
  return { ...same, aggregation: need(AGGREGATIONS[aggregation], `aggregation ${aggregation}`) };
}

export const termsToWire = (terms: Terms): WireTerms => ({
  ...terms,
  min: String(terms.min),
  max: String(terms.max),
  tolerance: String(terms.tolerance),
  reward: String(terms.reward),
  nonce: String(terms.nonce),
  secures: String(terms.secures),
});

export const termsFromWire = (terms: WireTerms): Terms => ({
  ...terms,
  asker: terms.asker as Address,
  schema: terms.schema as Hex,
  min: BigInt(terms.min),
  max: BigInt(terms.max),
  tolerance: BigInt(terms.tolerance),
  reward: BigInt(terms.reward),
  nonce: BigInt(terms.nonce),
  secures: BigInt(terms.secures),
});

/** The question's name, exactly as `Oracle.idOf` computes it. */
export const questionId = (terms: Terms): Hex =>
  keccak256(encodeAbiParameters(QUESTION, [termsToChain(terms)]));

/** What `terms.schema` must be for a schema text. */
export const schemaHash = (text: string): Hex => keccak256(stringToBytes(text));
