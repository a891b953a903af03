import type { Address, Hex } from "@sooth/kernel";
import { encodeAbiParameters, hexToBigInt, keccak256, zeroHash } from "viem";
import { type AnswerWord, decodeAnswerWord, INVALID, TOO_EARLY } from "../answer-word.ts";
import type { Terms } from "../terms.ts";

/** What a question's word is the hash of while somebody objects. Amounts are collateral, `at` unix seconds. */
export type Dispute = {
  question: Hex;
  /** The word that was objected to; of a root its facts. */
  answer: bigint;
  /** Zero for a value. */
  root: Hex;
  disputer: Address;
  claim: bigint;
  /** Zero when he claims no root. */
  claimRoot: Hex;
  deposit: bigint;
  at: number;
};

/** Where a case stands. `disputed`: nobody acted on it at the ladder. */
export type DisputeStage = "disputed" | "confirmed" | "sitting" | "ruled" | "corrected" | "done";
/** In the order of `Stage` of ILadder.sol. */
export const STAGES: readonly DisputeStage[] = [
  "disputed",
  "confirmed",
  "sitting",
  "ruled",
  "corrected",
  "done",
];
/** In the order of `Verdict` of Dispute.sol. */
export const OUTCOMES = ["uphold", "restore", "replace", "reopen", "invalid"] as const;
export type DisputeOutcome = (typeof OUTCOMES)[number];

const struct = [
  { type: "bytes32" },
  { type: "uint256" },
  { type: "bytes32" },
  { type: "address" },
  { type: "int96" },
  { type: "bytes32" },
  { type: "uint96" },
  { type: "uint40" },
] as const;

/** keccak256(abi.encode(dispute)): its name at the ladder. Mirror of `DisputeHash.hash`. */
export const disputeId = (d: Dispute): Hex =>
  keccak256(
    encodeAbiParameters(struct, [
      d.question,
      d.answer,
      d.root,
      d.disputer,
      d.claim,
      d.claimRoot,
      d.deposit,
      d.at,
    ]),
  );

/** What a question's word reads as while the dispute of this id is open. */
export const disputedWord = (id: Hex): Extract<AnswerWord, { state: "disputed" }> => ({
  state: "disputed",
  digest: hexToBigInt(id) & ~(255n << 136n),
});

/** The disputed answer, decoded; null for a root. */
export function disputedAnswer(d: Dispute): Extract<AnswerWord, { state: "answered" }> | null {
  const word = decodeAnswerWord(d.answer);
  return word.state === "answered" ? word : null;
}

export const isRootDispute = (d: Dispute): boolean => d.root !== zeroHash;

const ROUND_SHIFT = 224n;
const DISPUTES_SHIFT = 249n;
/** Facts of a root answer keep round and number of disputes where a value's word has them. */
export const roundOf = (d: Dispute): number => Number(BigInt.asUintN(8, d.answer >> ROUND_SHIFT));

/** A re-report has corrected this question before, or there is no value to report: only juries decide. */
export const isJuryOnly = (d: Dispute): boolean =>
  isRootDispute(d) || BigInt.asUintN(3, d.answer >> DISPUTES_SHIFT) !== 0n;

/** What juries hold against the answer: a claim that the question does not allow says that it has no answer. */
export function heldClaim(
  d: Pick<Dispute, "claim" | "claimRoot">,
  terms: Pick<Terms, "min" | "max" | "aggregation">,
): bigint {
  if (d.claimRoot !== zeroHash || d.claim === TOO_EARLY) return d.claim;
  if (terms.aggregation === "root") return INVALID;
  return d.claim >= terms.min && d.claim <= terms.max ? d.claim : INVALID;
}

/** Whether two values are different answers: further apart than the tolerance, or one of them no value. */
export function differs(value: bigint, other: bigint, tolerance: bigint): boolean {
  if (value <= INVALID || other <= INVALID) return value !== other;
  return (value > other ? value - other : other - value) > tolerance;
}
