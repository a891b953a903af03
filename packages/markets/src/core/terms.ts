import { type Address, ascending, type Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { z } from "zod";
import type { wireMarketTerms } from "./wire.ts";

/** A market IS the hash of these. `closesAt` is unix seconds by the chain's clock. */
export type MarketTerms = {
  /** Its answer decides. */
  question: Hex;
  /** Receives the fee. */
  creator: Address;
  /** No stake from then on. */
  closesAt: number;
  /** Of the losing stakes. */
  feeBps: number;
  outcomes: number;
  /** Numeric questions: ascending; outcome i is the number of cuts at or below the answer. Otherwise empty. */
  cuts: readonly bigint[];
};
export type WireMarketTerms = z.infer<typeof wireMarketTerms>;

/** Limits of Markets.sol. */
export const MAX_FEE_BPS = 1_000;
export const MIN_OUTCOMES = 2;
export const MAX_OUTCOMES = 48;
/** So that all pools of a market together fit 72 bits. */
export const MAX_POOL = ((1n << 72n) - 1n) / BigInt(MAX_OUTCOMES);
const MAX_UINT32 = 2 ** 32 - 1;

const MARKET = parseAbiParameters([
  "Market terms",
  "struct Market { bytes32 question; address creator; uint40 closesAt; uint16 feeBps; uint8 outcomes; int96[] cuts; }",
]);

/** The market's name, exactly as `Markets.idOf` computes it. */
export const marketId = (terms: MarketTerms): Hex => keccak256(encodeAbiParameters(MARKET, [terms]));

const PLACE = [...MARKET, { type: "uint8" }] as const;
/** Where {IPositions} finds a stake on an outcome: abi.encode(terms, outcome). */
export const positionPlace = (terms: MarketTerms, outcome: number): Hex =>
  encodeAbiParameters(PLACE, [terms, outcome]);

export const termsToWire = (terms: MarketTerms): WireMarketTerms => ({
  ...terms,
  cuts: terms.cuts.map(String),
});

export const termsFromWire = (terms: WireMarketTerms): MarketTerms => ({
  ...terms,
  question: terms.question as Hex,
  creator: terms.creator as Address,
  cuts: terms.cuts.map(BigInt),
});

/** What of a question a market's terms must fit. */
export type QuestionBounds = {
  aggregation: "plurality" | "median" | "root";
  min: bigint;
  max: bigint;
  opensAt: number;
  endsEarly: boolean;
};

/**
 * The first of the contract's rules that the terms break, named as `Markets_BadTerms` names it, or null. The rules
 * that need the chain's state (is the question open, is the market new) are the contract's alone.
 */
export function badTerms(terms: MarketTerms, question: QuestionBounds, now: number): string | null {
  const { creator, closesAt, feeBps, outcomes, cuts } = terms;
  if (question.endsEarly) return "endsEarly";
  if (BigInt(creator) === 0n) return "creator";
  if (closesAt <= now || closesAt > question.opensAt || closesAt > MAX_UINT32) return "closesAt";
  if (feeBps < 0 || feeBps > MAX_FEE_BPS) return "feeBps";
  if (outcomes < MIN_OUTCOMES || outcomes > MAX_OUTCOMES) return "outcomes";
  return cuts.length === 0 ? badCategories(terms, question) : badCuts(terms, question);
}

function badCategories({ outcomes }: MarketTerms, { aggregation, min, max }: QuestionBounds): string | null {
  if (aggregation !== "plurality") return "aggregation";
  return min === 0n && max === BigInt(outcomes) - 1n ? null : "bounds";
}

function badCuts({ outcomes, cuts }: MarketTerms, { aggregation, min, max }: QuestionBounds): string | null {
  if (aggregation !== "median") return "aggregation";
  if (outcomes !== cuts.length + 1) return "outcomes";
  // A cut at the lower bound would leave the first outcome out of reach.
  const bounded = [min, ...cuts];
  const rising = cuts.every((cut, index) => ascending(bounded[index] ?? cut, cut) < 0);
  return rising && cuts.every((cut) => cut <= max) ? null : "cuts";
}

/** The outcome that an answer stands for. Mirror of `Markets._outcomeOf`. */
export const outcomeOf = (value: bigint, { cuts }: Pick<MarketTerms, "cuts">): number =>
  cuts.length === 0 ? Number(value) : cuts.filter((cut) => cut <= value).length;
