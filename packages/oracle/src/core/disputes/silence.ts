import type { Amount } from "@sooth/kernel";
import { type AnswerWord, encodeAnswerWord, INVALID } from "../answer-word.ts";
import { lateFrom } from "../consensus.ts";
import { depositUnits } from "../economy/deposit.ts";
import type { Terms } from "../terms.ts";
import { type Dispute, disputedAnswer } from "./dispute.ts";

type Open = Extract<AnswerWord, { state: "open" }>;
/** What the oracle was built with: collateral in a whole unit, and whole units. */
export type DepositLimits = { unit: bigint; leastDeposit: number; mostDeposit: number };

/** From when on `Oracle.disputeSilence` hears of a question, unix seconds; its last second is the deadline. */
export const silenceFrom = (
  terms: Pick<Terms, "opensAt" | "deadline">,
  { notBefore }: Pick<Open, "notBefore">,
): number => Math.max(lateFrom(terms), notBefore);

/** Whether somebody may object to a question's silence at `now`. */
export const isSilent = (terms: Terms, word: AnswerWord, now: number): word is Open =>
  word.state === "open" &&
  terms.aggregation !== "root" &&
  now >= silenceFrom(terms, word) &&
  now <= terms.deadline;

/** The answer that silence is disputed as: INVALID at the deadline, signed by nobody. Mirror of `Disputes.disputeSilence`. */
export const silentWord = (terms: Terms, open: Open, limits: DepositLimits): bigint =>
  encodeAnswerWord({
    state: "answered",
    value: INVALID,
    finalizeAt: open.deadline,
    confidence: 0,
    seats: 0n,
    epoch: 0,
    round: open.round,
    rewardSettled: false,
    deposit: firstDeposit(terms, limits),
    disputes: open.disputes ?? 0,
  });

/** What objecting to a question's silence takes, in collateral: the deposit of any dispute. */
export const silenceDeposit = (terms: Terms, { disputes }: Open, limits: DepositLimits): Amount =>
  ((BigInt(firstDeposit(terms, limits)) << BigInt(disputes ?? 0)) * limits.unit) as Amount;

const firstDeposit = ({ secures }: Terms, { unit, leastDeposit, mostDeposit }: DepositLimits): number =>
  depositUnits(secures as Amount, unit, 0, { least: leastDeposit, most: mostDeposit });

/** Whether nobody had answered what is disputed: an INVALID that juries gave is final, and nobody objects to it. */
export function isSilence(dispute: Dispute): boolean {
  const answer = disputedAnswer(dispute);
  return answer !== null && answer.value === INVALID && answer.seats === 0n;
}
