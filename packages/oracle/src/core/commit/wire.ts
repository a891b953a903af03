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

/** A batch, so that those in it can hash it and see whose commitments it holds. */
export const wireCommitBatch = z.object({
  epoch,
  round,
  phase,
  /** What `commitReports` was or will be called with. */
  chained: wireHex32,
  /** The hash is on chain, as far as this server followed it. */
  posted: z.boolean(),
  /** In the order in which they are hashed. */
  commitments: z.array(z.object({ seat: z.number().int(), commitment: wireHex32, signature })).max(MAX_SEATS),
});
/** Batches shown at once: a few of each of the last two phases. */
export const BATCHES_SHOWN = 12;
export const wireCommitBatches = z.object({ items: z.array(wireCommitBatch).max(BATCHES_SHOWN) });
