import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { AppError } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { hashTypedData, zeroAddress } from "viem";
import type { z } from "zod";
import {
  canSecure,
  commitmentOf,
  commitmentTypedData,
  commitsFirst,
  isHidden,
  OracleError,
  pieceAt,
  readEvidence,
  evidenceHash,
  saltOf,
  securingWeight,
  statusOf,
  takesLate,
  type wireCommitmentReceipt,
  type wireReportCommitment,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import { commitLimits } from "../contract.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById, type StoredQuestion } from "../questions.ts";
import type { Handover } from "../receive.ts";
import { signerSet } from "../signer-sets.ts";
import { commitmentBy, insertCommitment, type StoredCommitment } from "./store.ts";

type Receipt = z.infer<typeof wireCommitmentReceipt>;

const commitmentsReceived = counter("oracle_commitments_total", "Commitments that providers handed over", [
  "outcome",
]);

/**
 * Takes a provider's commitment to a value that nobody sees yet, in a time to commit. The same again gets the first receipt;
 * another one of the same phase is refused, and the first stands. @throws oracle.* naming what does not hold
 */
export async function receiveReportCommitment(
  deps: ApiDeps,
  handed: z.infer<typeof wireReportCommitment>,
): Promise<Receipt> {
  try {
    const receipt = await receive(deps, handed);
    commitmentsReceived.inc({ outcome: receipt.repeated ? "repeated" : "accepted" });
    return receipt;
  } catch (error) {
    commitmentsReceived.inc({ outcome: error instanceof AppError ? error.code : "failed" });
    throw error;
  }
}

async function receive(deps: ApiDeps, handed: z.infer<typeof wireReportCommitment>): Promise<Receipt> {
  const { db } = deps.store;
  const id = handed.question as Hex;
  const commitment = handed.commitment as Hex;
  const { epoch, round, phase } = handed;
  const [question, now, { tier, seconds }] = await Promise.all([
    questionById(db, id),
    chainTime(deps.hub),
    commitLimits(deps.hub, deps.addresses),
  ]);
  if (!question) throw OracleError.unknown_question({ question: id });
  if (!commitsFirst(question.terms, tier)) throw OracleError.nothing_to_commit({ question: id });
  const { terms, word } = question;
  const status = statusOf(word, now);
  if (status !== "open") throw OracleError.not_open({ question: id, status });
  const piece = pieceAt(now, seconds);
  if (!piece.committing || piece.phase !== phase)
    throw OracleError.wrong_phase({ question: id, until: BigInt(piece.until) });
  const signers = await signerSet(db, terms.domain);
  const { totalWeight } = signers;
  if (!canSecure(terms, totalWeight))
    throw OracleError.beyond_all_weight({ question: id, totalWeight, wanted: securingWeight(terms.secures) });
  if (epoch !== signers.epoch) throw OracleError.stale_epoch({ signed: epoch, current: signers.epoch });
  if (round !== question.round) throw OracleError.stale_round({ signed: round, current: question.round });
  const domain = { chainId: deps.hub.definition.id, oracle: deps.addresses.oracle };
  const typed = commitmentTypedData(domain, { question: id, epoch, round, phase, commitment });
  const signature = handed.signature.toLowerCase() as Hex;
  const signer = signerOf(hashTypedData(typed), signature);
  const seat = signers.seats.findIndex((each) => each.signer === signer);
  const found = signers.seats[seat];
  if (signer === null || !found) throw OracleError.not_seated({ signer: signer ?? zeroAddress, epoch });
  const { weight } = found;
  const fresh: StoredCommitment = {
    question: id,
    round,
    epoch,
    phase,
    signer,
    seat,
    weight,
    commitment,
    signature,
    receivedAt: now,
  };
  if (await insertCommitment(db, fresh)) return receiptOf(fresh, false);
  const first = await commitmentBy(db, fresh);
  if (first?.commitment !== commitment)
    throw OracleError.committed_otherwise({ question: id, signer, phase });
  return receiptOf(first, true);
}

const receiptOf = ({ question, signer, seat, phase, receivedAt }: StoredCommitment, repeated: boolean) => ({
  question,
  signer,
  seat,
  phase,
  receivedAt,
  repeated,
});

/** What shows that a value was committed to before anybody showed his. */
export type Opening = { phase: number; secret: Hex; salt: Hex };

/**
 * What opens the commitment to a report, in the time to reveal of its phase; null where the question asks for none. Of an
 * answered question nobody takes values any more that were not opened in time: they could be copies.
 * @throws oracle.commit_first, oracle.wrong_phase, oracle.not_committed, oracle.opens_nothing
 */
export async function checkedOpening(
  deps: ApiDeps,
  { id, terms, word }: StoredQuestion,
  handover: Handover,
  o: { signer: Hex; now: number },
): Promise<Opening | null> {
  const { tier, seconds } = await commitLimits(deps.hub, deps.addresses);
  const value = BigInt(handover.value);
  // Who looks again while somebody objects, and signs for the next round, tells that at once: the ladder takes it so.
  if (word.state === "disputed" || !isHidden(terms, tier, value)) return null;
  if (word.state === "answered" && takesLate(terms, tier, word.value)) return null;
  const { opening } = handover;
  if (opening === undefined || word.state !== "open") throw OracleError.commit_first({ question: id });
  const piece = pieceAt(o.now, seconds);
  if (piece.committing || piece.phase !== opening.phase)
    throw OracleError.wrong_phase({ question: id, until: BigInt(piece.until) });
  const { epoch, round } = handover;
  const { phase } = opening;
  const held = await commitmentBy(deps.store.db, { question: id, epoch, round, phase, signer: o.signer });
  if (!held) throw OracleError.not_committed_here({ question: id, signer: o.signer, phase });
  const read = readEvidence(handover.evidence);
  const clarified = "bundle" in read ? ((read.bundle.clarified ?? null) as Hex | null) : null;
  const secret = opening.secret as Hex;
  const salt = saltOf({ secret, evidence: evidenceHash(handover.evidence), clarified });
  const { seat } = held;
  if (commitmentOf({ question: id, epoch, round, seat, value, salt }) !== held.commitment)
    throw OracleError.opens_nothing({ question: id, signer: o.signer });
  return { phase, secret, salt };
}
