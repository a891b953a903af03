import type { Hex } from "@sooth/kernel";
import {
  clarificationChain,
  disputedAnswer,
  firstLook,
  patienceOf,
  type SignerSet,
} from "../../core/index.ts";
import { type KnownQuestion, lateUntil } from "./chain-view.ts";
import type { Attempt, Reporter } from "./report-question.ts";

/** As what a provider may sign now. */
export type Standing = {
  epoch: number;
  round: number;
  /** Of this node in that epoch. */
  seat: number;
  /** The hash over the clarifications that were read. */
  clarified: Hex | null;
  /** Chain time until which sources that have no figure yet are asked again rather than told of. */
  patientUntil: number;
  /** Chain time after which what is signed now is of no use. */
  deadline: number;
  /** Chain time from which on it could be answered. */
  start: number;
  /** Nobody has answered it. */
  isOpen: boolean;
  /** What others have answered meanwhile. */
  answered?: bigint;
  /** While somebody objects: the answer that he objects to. */
  disputed?: { value: bigint; round: number };
};

export const later = (why: string, from?: number): Attempt => ({ outcome: "later", why, from });

/** Of an answered question nothing is too early. */
const NEVER = Number.POSITIVE_INFINITY;

/** Whether this provider may sign now, by the chain itself: logs may have been of a branch that is gone. */
export async function standing(reporter: Reporter, question: KnownQuestion): Promise<Standing | Attempt> {
  const { id, terms, schema, clarifications } = question;
  const { view, account } = reporter;
  const [word, signers] = await Promise.all([view.wordOf(id), view.signers(terms.domain)]);
  if (word.state === "none") return later("the chain does not know the question (any more)");
  if (word.state === "disputed") return standingAnew(reporter, question, signers);
  const texts = clarifications.map(({ text }) => text);
  if (word.state === "answered") {
    const seat = signers.seats.findIndex(({ signer }) => signer === account.address.toLowerCase());
    const isIn = ((word.seats >> BigInt(Math.max(seat, 0))) & 1n) === 1n;
    // A quorum was quicker. Who hands over what he read all the same has not missed it.
    const isLate = seat !== -1 && !isIn && word.epoch === signers.epoch;
    // Others may answer early, where this node does not: docs/decisions/early-answers.md.
    const due = firstLook(terms, schema);
    if (isLate && view.now < due) return later("answered before its time", due);
    return isLate && view.now < lateUntil(word.finalizeAt, terms)
      ? {
          epoch: word.epoch,
          round: word.round,
          seat,
          clarified: clarificationChain(texts),
          patientUntil: NEVER,
          deadline: terms.deadline,
          start: due,
          isOpen: false,
          answered: word.value,
        }
      : { outcome: "reported", epoch: signers.epoch };
  }
  if (word.state !== "open") return { outcome: "reported", epoch: signers.epoch };
  const chain = word.clarified?.chain ?? null;
  if (clarificationChain(texts) !== chain) return later("a clarification has not been read yet");
  const start = Math.max(word.notBefore, firstLook(terms, schema));
  if (view.now < start) return later("no report yet", start);
  const seat = signers.seats.findIndex(({ signer }) => signer === account.address.toLowerCase());
  // Twice as long each round: what never comes is asked for a few times, not 255 times at the relayer's cost.
  const patientUntil = start + patienceOf(terms) * 2 ** word.round;
  return seat !== -1
    ? {
        epoch: signers.epoch,
        round: word.round,
        seat,
        clarified: chain,
        patientUntil,
        deadline: terms.deadline,
        start,
        isOpen: true,
      }
    : later(`no seat in epoch ${signers.epoch}`, view.now + 1);
}

/** Longer than a dispute takes: what was signed anew must be known for so long, whatever the question's deadline. */
const DISPUTE_SECONDS = 90 * 86_400;

/** The same while somebody objects: providers look again, and sign for the round after the answer's, also what they signed
 *  before: where no jury can be drawn, only that keeps a right answer. */
async function standingAnew(
  { view, disputes, account }: Reporter,
  { id, clarifications }: KnownQuestion,
  signers: SignerSet,
): Promise<Standing | Attempt> {
  const dispute = disputes.ofQuestion(id)?.dispute;
  const answer = dispute && disputedAnswer(dispute);
  if (!dispute) return later("the dispute is not known yet");
  // A root is not reported anew.
  if (!answer) return { outcome: "reported", epoch: signers.epoch };
  const me = account.address.toLowerCase();
  const seat = signers.seats.findIndex(({ signer }) => signer === me);
  if (seat === -1) return later(`no seat in epoch ${signers.epoch}`, view.now + 1);
  return {
    epoch: signers.epoch,
    round: answer.round + 1,
    seat,
    clarified: clarificationChain(clarifications.map(({ text }) => text)),
    patientUntil: 0,
    deadline: view.now + DISPUTE_SECONDS,
    start: view.now,
    isOpen: false,
    disputed: answer,
  };
}
