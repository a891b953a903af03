import { signerOf } from "@sooth/chain";
import { AppError, type Hex } from "@sooth/kernel";
import { alert, counter } from "@sooth/runtime";
import type { Executor } from "@sooth/store";
import { zeroAddress } from "viem";
import type { z } from "zod";
import {
  type BatchClaim,
  batchDigest,
  batchQuestion,
  batchSignatures,
  chainedHash,
  claimsComplaint,
  commitsFirst,
  hasQuorum,
  OracleError,
  pieceAt,
  securingWeight,
  type SignerSet,
  statusOf,
  type wireBatchSignature,
  type wireCommitmentReceipt,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import { commitLimits } from "../contract.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById, type StoredQuestion } from "../questions.ts";
import { keepEquivocation } from "../reports.ts";
import { signerSet } from "../signer-sets.ts";
import { readClaims } from "./read-claims.ts";
import {
  batchesOf,
  insertBatch,
  insertSignature,
  otherPosted,
  signatureBy,
  signaturesOf,
  type StoredSignature,
} from "./store.ts";

type Receipt = z.infer<typeof wireCommitmentReceipt>;
type Handed = z.infer<typeof wireBatchSignature>;
/** As it came in, and whose key signed it. */
type Signed = Omit<StoredSignature, "seat" | "receivedAt">;

const signaturesReceived = counter(
  "oracle_batch_signatures_total",
  "Signatures under batches of commitments that providers handed over",
  ["outcome"],
);

/** Two batches under one key cannot come from an honest node that works: with them values are chosen late. */
alert({
  id: "oracle.batch_equivocation",
  severity: "page",
  forSeconds: 0,
  when: `increase(${signaturesReceived.metric}{outcome="oracle.equivocation"}[1h]) > 0`,
  runbook: "docs/runbooks/oracle.md#a-provider-signed-two-values",
});

/**
 * Takes a provider's signature under a batch, in its time to commit. A batch that another collector formed is taken with it: who
 * alone knew it would alone be shown the values. The same again gets the first receipt. One under another batch of the phase
 * is refused and kept with the first: the two prove it, whenever they come.
 * @throws oracle.* naming what does not hold
 */
export async function receiveBatchSignature(deps: ApiDeps, handed: Handed): Promise<Receipt> {
  try {
    const receipt = await receive(deps, handed);
    signaturesReceived.inc({ outcome: receipt.repeated ? "repeated" : "accepted" });
    return receipt;
  } catch (error) {
    signaturesReceived.inc({ outcome: error instanceof AppError ? error.code : "failed" });
    throw error;
  }
}

async function receive(deps: ApiDeps, handed: Handed): Promise<Receipt> {
  const { db } = deps.store;
  const id = handed.question as Hex;
  const [question, now, { tier, seconds }] = await Promise.all([
    questionById(db, id),
    chainTime(deps.hub),
    commitLimits(deps.hub, deps.addresses),
  ]);
  if (!question) throw OracleError.unknown_question({ question: id });
  if (!commitsFirst(question.terms, tier)) throw OracleError.nothing_to_commit({ question: id });
  const signed = signedBy(deps, handed);
  const before = (await signatureBy(db, signed)) ?? (await postedBy(db, question, signed));
  if (before && before.chained !== signed.chained) return refuse(db, before, signed, now);
  if (before) return receiptOf(before, true);

  const { seat, signers } = await seatFor(deps, question, signed, { now, seconds });
  const { round, epoch, phase, chained } = signed;
  const known = await batchesOf(db, [id], phase);
  if (!known.some((each) => each.chained === chained && each.round === round && each.epoch === epoch)) {
    const claims = checkedClaims(deps, question, handed, signers);
    await insertBatch(db, { question: id, round, epoch, phase, chained, adopted: true, claims }, now);
  }
  const fresh: StoredSignature = { ...signed, seat, receivedAt: now };
  if (await insertSignature(db, fresh)) {
    await tellOfQuorum(deps, fresh, signers);
    return receiptOf(fresh, false);
  }
  // Two requests at once: the other one won, and this one repeats or contradicts it.
  const first = await signatureBy(db, signed);
  if (first && first.chained !== chained) return refuse(db, first, signed, now);
  return receiptOf(first ?? fresh, true);
}

/** What a batch holds that this server did not form. @throws oracle.bad_batch */
function checkedClaims(
  deps: ApiDeps,
  { id, terms }: StoredQuestion,
  { commitments, epoch, round, phase, chained }: Handed,
  { seats, totalWeight }: SignerSet,
): BatchClaim[] {
  const refusal = (what: string) => OracleError.bad_batch({ question: id, chained: chained as Hex, what });
  const claims = commitments.map(({ seat, commitment, signature }): BatchClaim => ({
    seat,
    commitment: commitment.toLowerCase() as Hex,
    signature: signature.toLowerCase() as Hex,
  }));
  if (
    claims.length === 0 ||
    chainedHash(claims.map(({ commitment }) => commitment)) !== chained.toLowerCase()
  )
    throw refusal("its commitments hash to something else");
  const weight = claims.reduce((sum, { seat }) => sum + (seats[seat]?.weight ?? 0n), 0n);
  if (!hasQuorum(weight, totalWeight) || weight < securingWeight(terms.secures))
    throw refusal("too little weight is in it");
  const complaint = claimsComplaint(
    readClaims(domainOf(deps), { question: id, epoch, round, phase }, claims),
    seats,
  );
  if (complaint !== null) throw refusal(complaint);
  return claims;
}

const domainOf = ({ hub, addresses }: ApiDeps) => ({ chainId: hub.definition.id, oracle: addresses.oracle });

function signedBy(deps: ApiDeps, handed: Handed): Signed {
  const { epoch, round, phase } = handed;
  const question = handed.question as Hex;
  const chained = handed.chained.toLowerCase() as Hex;
  const signature = handed.signature.toLowerCase() as Hex;
  const digest = batchDigest(domainOf(deps), { question, epoch, round, phase, chained });
  const signer = signerOf(digest, signature) ?? zeroAddress;
  return { question, epoch, round, phase, chained, signature, signer };
}

/** What this key signed in a batch that somebody else posted, another one than this. */
async function postedBy(
  db: Executor,
  { terms }: StoredQuestion,
  signed: Signed,
): Promise<StoredSignature | undefined> {
  const posted = await otherPosted(db, signed);
  if (posted.length === 0) return undefined;
  const { seats } = await signerSet(db, terms.domain, signed.epoch);
  const seat = seats.findIndex(({ signer }) => signer === signed.signer);
  const found = posted
    .flatMap(
      (batch) => batchSignatures({ ...signed, chained: batch.chained }, batch.seats, batch.signatures) ?? [],
    )
    .find((each) => each.seat === seat);
  return found && { ...signed, ...found, receivedAt: 0 };
}

/** @throws oracle.not_open, oracle.wrong_phase, oracle.stale_epoch, oracle.stale_round, oracle.not_seated */
async function seatFor(
  deps: ApiDeps,
  { id, terms, word, round: current }: StoredQuestion,
  { signer, epoch, round, phase }: Signed,
  { now, seconds }: { now: number; seconds: number },
): Promise<{ seat: number; signers: SignerSet }> {
  const status = statusOf(word, now);
  if (status !== "open") throw OracleError.not_open({ question: id, status });
  const piece = pieceAt(now, seconds);
  if (!piece.committing || piece.phase !== phase)
    throw OracleError.wrong_phase({ question: id, until: BigInt(piece.until) });
  const signers = await signerSet(deps.store.db, terms.domain);
  if (epoch !== signers.epoch) throw OracleError.stale_epoch({ signed: epoch, current: signers.epoch });
  if (round !== current) throw OracleError.stale_round({ signed: round, current });
  const seat = signers.seats.findIndex((each) => each.signer === signer);
  if (seat === -1) throw OracleError.not_seated({ signer, epoch });
  return { seat, signers };
}

/** The sweep of the next block would find the quorum too: this saves that block of the little time that is left. */
async function tellOfQuorum(
  deps: ApiDeps,
  { question, round, epoch, phase, chained }: StoredSignature,
  { seats, totalWeight }: SignerSet,
): Promise<void> {
  if (!deps.takeUpSoon) return;
  const signed = (await signaturesOf(deps.store.db, [question], phase)).filter(
    (each) => each.chained === chained && each.round === round && each.epoch === epoch,
  );
  const weight = signed.reduce((sum, { seat }) => sum + (seats[seat]?.weight ?? 0n), 0n);
  if (hasQuorum(weight, totalWeight)) await deps.takeUpSoon({ question });
}

async function refuse(db: Executor, first: StoredSignature, second: Signed, now: number): Promise<never> {
  const { question, round, epoch, phase, signer } = first;
  // The contract knows it as two roots of one question.
  const bound = batchQuestion(question, phase);
  await keepEquivocation(
    db,
    { question: bound, round, epoch, signer, value: 0n, root: first.chained, signature: first.signature },
    { value: 0n, root: second.chained, signature: second.signature },
    now,
  );
  throw OracleError.equivocation({ question, signer, first: first.chained, second: second.chained });
}

const receiptOf = (
  { question, signer, seat, phase, receivedAt }: StoredSignature,
  repeated: boolean,
): Receipt => ({ question, signer, seat, phase, receivedAt, repeated });
