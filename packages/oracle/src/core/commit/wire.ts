import { z } from "zod";
import { MAX_SEATS } from "../weights.ts";
import { wireAddress, wireHex32, wireSeconds } from "../wire-words.ts";

const epoch = z.number().int().nonnegative();
const round = z.number().int().min(0).max(255);
const phase = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const signature = z.string().regex(/^0x[0-9a-fA-F]{130}$/);

/** What opens a commitment, beside the report itself: the salt is made of `secret`, the evidence and the clarifications. */
export const wireCommitOpening = z.object({ phase, secret: wireHex32 });

/**
 * What a provider hands over in a time to commit: POST /v1/report-commitments. The signature is EIP-712
 * `Commitment(question,epoch,round,phase,commitment)`.
 */
export const wireReportCommitment = z.object({
  question: wireHex32,
  epoch,
  round,
  phase,
  commitment: wireHex32,
  signature,
});
export const wireCommitmentReceipt = z.object({
  question: wireHex32,
  signer: wireAddress,
  seat: z.number().int(),
  phase,
  receivedAt: wireSeconds,
  /** The same commitment again is answered with the first receipt. */
  repeated: z.boolean(),
});
/** Where an open question stands whose values are committed before they are shown. */
export const wireCommitState = z.object({
  phase,
  /** Else it is the time to reveal. */
  committing: z.boolean(),
  /** Of the piece of time that it is now; the other begins at `until`. */
  from: wireSeconds,
  until: wireSeconds,
  /** Seats that committed in this phase, here; how many of their batch showed their values. */
  committed: z.number().int(),
  revealed: z.number().int(),
  seats: z.number().int(),
  /** The chain holds the hash of a batch of this server. */
  posted: z.boolean(),
});

/** Commitments in the order in which they are hashed: ascending by seat, each as its seat signed it. */
const claims = z.array(z.object({ seat: z.number().int(), commitment: wireHex32, signature })).max(MAX_SEATS);

/** A batch, so that providers can hash it, see whose commitments it holds, and co-sign it. */
export const wireCommitBatch = z.object({
  epoch,
  round,
  phase,
  /** What is co-signed, and what `commitReports` is called with once a quorum did. */
  chained: wireHex32,
  /** The hash is on chain, as far as this server followed it. */
  posted: z.boolean(),
  /** Seats that co-signed it here. */
  cosigned: z.number().int(),
  commitments: claims,
});
/** Batches shown at once: of each of the last two phases what is on chain, the server's own, and what most signed. */
export const BATCHES_SHOWN = 12;
export const wireCommitBatches = z.object({ items: z.array(wireCommitBatch).max(BATCHES_SHOWN) });

/**
 * What a provider co-signs in a time to commit, one batch of a phase: POST /v1/commit-batches/signatures. The signature is
 * EIP-712 `RootReport(question,root,epoch,round)` with keccak256(abi.encode(question, phase)) for the question, the batch's hash
 * for the root.
 */
export const wireBatchSignature = z.object({
  question: wireHex32,
  epoch,
  round,
  phase,
  chained: wireHex32,
  signature,
  /** What is in it: a server that has not formed this batch takes it from here. */
  commitments: claims,
});
