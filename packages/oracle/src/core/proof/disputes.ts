import type { Address, Hex } from "@sooth/kernel";
import { zeroHash } from "viem";
import { decodeAnswerWord } from "../answer-word.ts";
import type { LadderStake } from "../disputes/deposits.ts";
import { differs, type Dispute, disputeId, type DisputeStage, heldClaim } from "../disputes/dispute.ts";
import { type DepositLimits, isSilent, silentWord } from "../disputes/silence.ts";
import type { Terms } from "../terms.ts";
import type { ProvenQuestion } from "./answers.ts";
import type { Note } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";
import { spend } from "./rewards.ts";
import { bitsOf, depositOf, DISPUTES, disputedWord, EPOCH, rootWord, SEATS, TIME } from "./word-bits.ts";

/** An objection to an answer, as its logs tell it and as the ladder has it. */
export type ProvenDispute = {
  id: Hex;
  question: Hex;
  terms: Dispute;
  /** keccak256 of the text that says why; zero: none was given. */
  reason: Hex;
  stage: DisputeStage;
  /** Of the jury that sits or sat last. */
  tier: number;
  /** The choice that stands, and until when it may be appealed, court clock. */
  verdict: number;
  until: number;
  /** What juries hold against the answer. */
  claim: bigint;
  /** Given to juries out of the deposits. */
  fees: bigint;
  jury: Hex | null;
  stakes: LadderStake[];
  /** Who appealed, and by which transactions. */
  appeals: { who: Address; transaction: string }[];
  /** What providers who looked again made of it, and in which transaction; null until they did. */
  rereport: { transaction: Hex; value: bigint; seats: bigint; epoch: number; confidence: number } | null;
  /** The transaction in which the last jury ended without a verdict. */
  undecided: Hex | null;
  /** Once it was ruled: the choice, 0 without a verdict. */
  outcome: number | null;
  /** What is still to be paid out of the deposits, in turn, and what is left of them for the insurance. */
  awards: { who: string; amount: bigint }[];
  insurance: bigint;
  /** Once it was ruled that the answer came too early: who is the challenger of those who gave it. */
  early: { challenger: string | null } | null;
  /** Owners who were slashed for the answer, and when. */
  punished: { owners: Set<string>; at: string } | null;
};

/** The dispute that a log opens. Its id is the hash of what was objected to, by whom, with what, and when. */
export function disputeOf({
  event,
  args,
  at,
}: OracleLogOf<"Disputed"> | OracleLogOf<"DisputedRoot">): ProvenDispute {
  const { question, disputer, claim, deposit, reason } = args;
  const answer = event === "Disputed" ? args.answer : args.answer.facts;
  const [root, claimRoot] = event === "Disputed" ? [zeroHash, zeroHash] : [args.answer.root, args.claimRoot];
  const terms: Dispute = { question, answer, root, disputer, claim, claimRoot, deposit, at };
  return {
    id: disputeId(terms),
    question,
    terms,
    reason,
    stage: "disputed",
    tier: 0,
    verdict: 0,
    until: 0,
    claim,
    fees: 0n,
    jury: null,
    stakes: [{ who: disputer.toLowerCase() as Address, amount: deposit, side: 2 }],
    appeals: [],
    rereport: null,
    undecided: null,
    outcome: null,
    awards: [],
    insurance: 0n,
    early: null,
    punished: null,
  };
}

export function openDispute(
  log: OracleLogOf<"Disputed"> | OracleLogOf<"DisputedRoot">,
  question: ProvenQuestion,
  { credits, domain }: OracleReplay,
  note: Note,
): ProvenDispute {
  const { disputer, claim, deposit } = log.args;
  const dispute = disputeOf(log);
  dispute.claim = heldClaim(dispute.terms, question.terms);
  const isRoot = log.event === "DisputedRoot";
  const silent = isRoot ? null : silenceOf(log, question, domain.params.limits, note);
  const raw = silent ?? question.raw;
  const word = decodeAnswerWord(raw);
  if (silent !== null) note.tell(`${disputer} says ${claim} where nobody had answered`);
  else if (word.state !== (isRoot ? "root" : "answered") || log.at >= word.finalizeAt)
    note.differ("there is no answer to object to");
  else if (isRoot ? claim === 0n && log.args.claimRoot === log.args.answer.root : claim === valueOf(dispute))
    note.differ("the claim is the answer");
  else
    note.tell(
      `${disputer} says ${isRoot ? `${log.args.claimRoot} or ${claim}` : claim}, before ${word.finalizeAt}`,
    );
  if (isRoot) {
    const stored = rootWord(question.id, log.args.answer, Number(bitsOf(question.raw, TIME)));
    // The marks of settling and of pauses are no part of the hash.
    const marks = question.raw & ~stored & MARKS;
    note.compare("word of the root that is disputed", question.raw, stored | marks);
  } else note.compare("answer that is disputed", raw, log.args.answer);
  note.compare("deposit", depositOf(dispute.terms.answer, domain.params.limits.unit), deposit);
  spend(credits, disputer, deposit, note);
  note.tell(`the dispute hashes to ${dispute.id}`);
  if (dispute.reason !== zeroHash) note.tell(`the text that says why hashes to ${dispute.reason}`);
  question.raw = disputedWord(dispute.id);
  return dispute;
}

/** What silence is disputed as; null when there was something else to object to. */
function silenceOf(
  { args: { claim }, at }: OracleLogOf<"Disputed">,
  { word, terms }: ProvenQuestion,
  limits: DepositLimits,
  note: Note,
): bigint | null {
  if (word.state !== "open") return null;
  if (!isSilent(terms, word, at)) note.differ(`nobody could object to silence at ${at}`);
  if (claim < terms.min || claim > terms.max)
    note.differ("what is claimed lies outside the question's bounds");
  return silentWord(terms, word, limits);
}

const MARKS = (1n << 232n) | (7n << 253n);

/* READING */

/** The value that was objected to; 0 of a root. */
export const valueOf = ({ terms }: ProvenDispute): bigint => BigInt.asIntN(96, terms.answer);
export const epochOf = ({ terms }: ProvenDispute): number => Number(bitsOf(terms.answer, EPOCH));
export const signersOf = ({ terms }: ProvenDispute): bigint => bitsOf(terms.answer, SEATS);
export const isOfRoot = ({ terms }: ProvenDispute): boolean => terms.root !== zeroHash;

/** A re-report has corrected this question before, or there is no value to report. */
export const isForJuries = (dispute: ProvenDispute): boolean =>
  isOfRoot(dispute) || bitsOf(dispute.terms.answer, DISPUTES) !== 0n;

/** Whether the claim says the same as the answer: then nobody objected to anything. */
export const isEmpty = (dispute: ProvenDispute, { tolerance }: Terms): boolean =>
  !isOfRoot(dispute) && !differs(dispute.claim, valueOf(dispute), tolerance);

/** Whether the dispute of this log is the one that its question's word is the hash of. */
export const isOpen = (dispute: ProvenDispute, question: ProvenQuestion): boolean =>
  question.raw === disputedWord(dispute.id);
