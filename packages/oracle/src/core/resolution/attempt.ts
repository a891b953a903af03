import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import type { DisputeOutcome, DisputeStage } from "../disputes/index.ts";
import type { Terms } from "../terms.ts";
import type { SignerSet } from "../weights.ts";
import { page, type QuestionSchema, wireSeconds } from "../wire.ts";

/** In the order in which an answer is sought. */
export const ATTEMPT_KINDS = [
  "assign",
  "observe",
  "commit",
  "reveal",
  "report",
  "extend",
  "secondary",
  "rereport",
  "jury",
  "invalid",
] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];

/** One thing that was done to get an answer, and what came of it. */
export const wireAttempt = z.object({
  round: z.number().int().min(0).max(255),
  kind: z.enum(ATTEMPT_KINDS),
  state: z.enum(["waiting", "done", "failed"]),
  /** For people, with the numbers in it. */
  reason: z.string(),
  /** Chain time at which it came to this. */
  at: wireSeconds,
  /**
   * What proves it. `transaction`: a log, by its transaction's hash. `signatures`: what providers handed over, one by its
   * signature, several by their number. `block`: this server's own decision, by the block that it looked at. `clock`:
   * the terms and the time alone.
   */
  restsOn: z.object({ what: z.enum(["transaction", "signatures", "block", "clock"]), ref: z.string() }),
});
export type Attempt = z.infer<typeof wireAttempt>;
export const wireAttempts = page(wireAttempt);

/* WHAT ATTEMPTS ARE MADE OF */

/**
 * A round of reports: from when it took them, and when and in which transaction it was over, if it was. `opensAt`: when it
 * opened, or will, where some were taken before: of what may end early.
 */
export type RoundSeen = {
  round: number;
  from: number;
  until: number | null;
  reopenedIn: Hex | null;
  opensAt?: number;
};
export type EpochSeen = SignerSet & { at: number; transaction: Hex };
export type ReportSeen = {
  round: number;
  epoch: number;
  seat: number;
  signer: string;
  weight: bigint;
  receivedAt: number;
  /** Whether it rests on secondary sources; null while that is sealed. */
  secondary: boolean | null;
};
/** Of a question whose values are committed first: that a provider handed his commitment for a phase over. */
export type CommitSeen = {
  round: number;
  epoch: number;
  phase: number;
  seat: number;
  signer: string;
  weight: bigint;
  receivedAt: number;
};
/** What this server gathered in the phases of such a question. */
export type CommitsSeen = {
  /** COMMIT_SECONDS of the oracle. */
  seconds: number;
  commitments: readonly CommitSeen[];
  /** Batches of this server: how many are in each, and where the chain holds its hash. */
  batches: readonly {
    round: number;
    epoch: number;
    phase: number;
    size: number;
    posted: { at: number; transaction: Hex } | null;
  }[];
  /** Values that were opened in a phase. */
  opened: readonly { round: number; epoch: number; phase: number; seat: number }[];
};
/** That a provider looked and could not tell. */
export type AbstentionSeen = { round: number; signer: string; reason: string; at: number; signature: Hex };
export type DisputeSeen = {
  at: number;
  transaction: Hex;
  stage: DisputeStage;
  isJuryOnly: boolean;
  /** Nobody had answered: what is objected to is the INVALID that the deadline would have made of it. */
  isSilence: boolean;
  claim: string;
  round: number;
  outcome: DisputeOutcome | null;
  ended: { at: number; transaction: Hex } | null;
  steps: readonly {
    kind: "rereported" | "convened" | "verdict" | "appealed" | "concluded";
    at: number;
    transaction: Hex;
    tier: number | null;
    choice: number | null;
    value: string | null;
  }[];
};
/** What this server decided by itself, in the block that it looked at. */
export type EngineRecord = Pick<Attempt, "round" | "state" | "reason" | "at"> & {
  kind: "extend" | "jury";
  block: number;
};
/** What became of the transaction with the answer of a round and epoch. */
export type Transmission = { round: number; epoch: number; status: string; error: string | null };

/** All that is known of how an answer to one question was sought. */
export type Story = {
  schema: Pick<QuestionSchema, "sources" | "secondary" | "items">;
  terms: Pick<Terms, "opensAt" | "deadline" | "domain" | "aggregation" | "endsEarly">;
  status: "open" | "answered" | "disputed" | "final" | "invalid";
  now: number;
  /** Ascending; the last is the current one. */
  rounds: readonly RoundSeen[];
  /** Ascending: the one in force when the question opened, and those after it. */
  epochs: readonly EpochSeen[];
  reports: readonly ReportSeen[];
  /** Null where values need not be committed. */
  commits: CommitsSeen | null;
  abstentions: readonly AbstentionSeen[];
  /** The first that a quorum gave; `transaction` is null when a ruling put another in its place. */
  answer: { round: number; epoch: number; at: number; transaction: Hex | null; isInvalid: boolean } | null;
  transmission: Transmission | null;
  disputes: readonly DisputeSeen[];
  records: readonly EngineRecord[];
};

export const byTransaction = (hash: Hex): Attempt["restsOn"] => ({ what: "transaction", ref: hash });
export const byClock = (at: number): Attempt["restsOn"] => ({ what: "clock", ref: String(at) });
export const bySignatures = (count: number): Attempt["restsOn"] => ({
  what: "signatures",
  ref: String(count),
});
