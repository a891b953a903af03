import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, parseAbiParameters, sha256, stringToBytes } from "viem";
import type { z } from "zod";
import { RULES, type Rule, type Shares } from "../rules/bands.ts";
import type { wireOpinionTerms } from "./wire.ts";

/** An opinion market IS the hash of these and of its door. Times are unix seconds by the chain's clock, amounts units of collateral. */
export type OpinionTerms = {
  /** Of the kind score; its final answer is the score. */
  question: Hex;
  /** SHA-256 of the text that the opinions are about. */
  statement: Hex;
  /** SHA-256 of how opinions are graded. */
  rubric: Hex;
  /** Receives the fee. */
  creator: Address;
  closesAt: number;
  /** After closing, to tell stances that were hidden; 0: stances are open. */
  revealSeconds: number;
  /** Before closing, in which stakes are small. */
  quietSeconds: number;
  feeBps: Bps;
  prizeBps: Bps;
  prizes: number;
  /** Basis points; an answer that is less sure voids the market. */
  minConfidence: number;
  rule: Rule;
  leastStake: Amount;
  mostStake: Amount;
  quietMost: Amount;
};
export type WireOpinionTerms = z.infer<typeof wireOpinionTerms>;

/** Limits of Entering.sol and Shelf.sol; seconds. */
export const OPINION_LIMITS = {
  feeBps: 1_000,
  prizeBps: 5_000,
  prizes: 16,
  statementBytes: 280,
  /** A stance has to be told, and the question to open, within half of the time to score. */
  revealSeconds: 7 * 86_400,
  /** Who is not told in time loses his stake. */
  leastRevealSeconds: 3_600,
  /** After closing, or after finality where that is later. */
  scoreSeconds: 14 * 86_400,
  /** From a round's time on, before another may be named or prizes forgone. */
  roundSeconds: 86_400,
  seedSeconds: 28 * 86_400,
  /** From the round on; then anybody may sweep a prize to the treasury. */
  prizeSeconds: 180 * 86_400,
} as const;
/** The band of a stance that is hidden. */
export const HIDDEN_BAND = 31;

const TERMS = parseAbiParameters([
  "Terms terms",
  "struct Terms { bytes32 question; bytes32 statement; bytes32 rubric; address creator; uint40 closesAt; uint32 revealSeconds; uint32 quietSeconds; uint16 feeBps; uint16 prizeBps; uint8 prizes; uint16 minConfidence; uint8 rule; uint48 leastStake; uint48 mostStake; uint48 quietMost; }",
]);
const ID = parseAbiParameters("bytes32 hash, uint256 door");
const STANCE = parseAbiParameters("bytes32 market, address owner, uint8 band, bytes32 salt");

/** As the contract's ABI takes them: small numbers, the rule by its place. */
export const opinionTermsToChain = (terms: OpinionTerms) => ({
  ...terms,
  rule: RULES.indexOf(terms.rule),
  // Below 2^45, or the market could not have been announced.
  leastStake: Number(terms.leastStake),
  mostStake: Number(terms.mostStake),
  quietMost: Number(terms.quietMost),
});

/** `IOpinions.termsHash`. */
export const opinionTermsHash = (terms: OpinionTerms): Hex =>
  keccak256(encodeAbiParameters(TERMS, [opinionTermsToChain(terms)]));

/** What a stake must fulfil, in the word that it brings along. Mirror of Door.sol. */
export const doorOf = (terms: Omit<OpinionTerms, "question" | "statement" | "rubric">): bigint =>
  (terms.quietMost << 210n) |
  (terms.mostStake << 165n) |
  (terms.leastStake << 120n) |
  (BigInt(terms.closesAt - terms.quietSeconds) << 80n) |
  (BigInt(terms.closesAt + terms.revealSeconds) << 40n) |
  BigInt(terms.closesAt);

/** The market's name, exactly as `IOpinions.idOf` computes it. */
export const opinionMarketId = (terms: OpinionTerms): Hex =>
  keccak256(encodeAbiParameters(ID, [opinionTermsHash(terms), doorOf(terms)]));

/** What hides a stance until its owner tells band and salt. */
export const stanceCommitment = (market: Hex, owner: Address, band: number, salt: Hex): Hex =>
  keccak256(encodeAbiParameters(STANCE, [market, owner, band, salt]));

/** SHA-256 of a text, as opinions, statements and rubrics are named. */
export const textHash = (text: string): Hex => sha256(stringToBytes(text));

export const sharesOf = ({ rule, feeBps, prizeBps, prizes }: OpinionTerms): Shares => ({
  rule,
  feeBps,
  prizeBps,
  prizes,
});

/** Whether stances stay hidden until closing. */
export const isHidden = ({ revealSeconds }: Pick<OpinionTerms, "revealSeconds">): boolean =>
  revealSeconds > 0;

/** The most that one may stake at `now`. */
export const mostAt = (
  terms: Pick<OpinionTerms, "closesAt" | "quietSeconds" | "quietMost" | "mostStake">,
  now: number,
): Amount => (now >= terms.closesAt - terms.quietSeconds ? terms.quietMost : terms.mostStake);

/** Bounds that a deployment gives; see OpinionLimits in IOpinions.sol. */
export type OpinionBounds = {
  leastSeconds: number;
  mostSeconds: number;
  leastStake: bigint;
  mostStake: bigint;
};
/** What of a question the terms must fit. */
export type ScoreQuestion = {
  aggregation: "plurality" | "median" | "root";
  min: bigint;
  max: bigint;
  opensAt: number;
  endsEarly: boolean;
};
const SCORE_MAX = 10_000n;

/**
 * The first of the contract's rules that the terms break, named as `Opinions_BadTerms` names it, or null. The rules that need
 * the chain's state (is the question open, does it have a market) are the contract's alone.
 */
export function badOpinionTerms(
  terms: OpinionTerms,
  { question, bounds, now }: { question: ScoreQuestion; bounds: OpinionBounds; now: number },
): string | null {
  const open = terms.closesAt - now;
  if (BigInt(terms.creator) === 0n) return "creator";
  if (terms.feeBps > OPINION_LIMITS.feeBps) return "feeBps";
  if (terms.prizeBps > OPINION_LIMITS.prizeBps) return "prizeBps";
  if (terms.prizes < 1 || terms.prizes > OPINION_LIMITS.prizes) return "prizes";
  if (terms.minConfidence > 10_000) return "minConfidence";
  if (!areStakes(terms, bounds)) return "stakes";
  if (open < bounds.leastSeconds || open > bounds.mostSeconds) return "closesAt";
  if (terms.quietSeconds > open) return "quietSeconds";
  if (!isRevealTime(terms.revealSeconds)) return "revealSeconds";
  const isScore = question.aggregation === "median" && question.min === 0n && question.max === SCORE_MAX;
  if (!isScore) return "kind";
  const revealed = terms.closesAt + terms.revealSeconds;
  const latest = terms.closesAt + OPINION_LIMITS.revealSeconds;
  return question.opensAt >= revealed && question.opensAt <= latest && !question.endsEarly ? null : "opensAt";
}

const isRevealTime = (seconds: number): boolean =>
  seconds === 0 || (seconds >= OPINION_LIMITS.leastRevealSeconds && seconds <= OPINION_LIMITS.revealSeconds);
const areStakes = (
  { leastStake, quietMost, mostStake }: OpinionTerms,
  bounds: Pick<OpinionBounds, "leastStake" | "mostStake">,
): boolean =>
  leastStake >= bounds.leastStake &&
  leastStake <= quietMost &&
  quietMost <= mostStake &&
  mostStake <= bounds.mostStake;

export const opinionTermsToWire = (terms: OpinionTerms): WireOpinionTerms => ({
  ...terms,
  leastStake: String(terms.leastStake),
  mostStake: String(terms.mostStake),
  quietMost: String(terms.quietMost),
});

/** Of a statement or rubric, as the contract counts it. */
export const textBytes = (text: string): number => stringToBytes(text).length;
