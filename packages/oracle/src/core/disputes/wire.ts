import { z } from "zod";
import { wireReason } from "./reason.ts";
import { wireAddress, wireCall, wireHex32, wireInteger, wireSeconds } from "../wire.ts";

/** JSON shapes of disputes, juries and what comes of them. Times on the court clock are told as such. */

/** Where a dispute stands: `disputed` means that nobody acted on it yet. */
export const disputeStage = z.enum(["disputed", "confirmed", "sitting", "ruled", "corrected", "done"]);
/** 1 the answer, 2 the claim, 3 neither; 0 none had its supermajority. */
export const juryChoice = z.number().int().min(0).max(3);

export const wireLadderStep = z.object({
  /** What happened or is due, for people: "Answered", "Disputed", "Reported anew", "Jury of 9", "Appeal". */
  name: z.string(),
  state: z.enum(["done", "now", "ahead"]),
  /** Unix seconds by the chain's clock; when ahead, the earliest. */
  at: wireSeconds.nullable(),
  until: wireSeconds.nullable(),
  detail: z.string(),
  transaction: wireHex32.nullable(),
});

export const wireDeposit = z.object({
  who: wireAddress,
  amount: wireInteger,
  side: juryChoice,
  /** What came of it; null while the dispute is open. */
  awarded: wireInteger.nullable(),
});

/** Somebody backs another choice before a larger jury. */
export const wireAppeal = z.object({
  who: wireAddress,
  choice: juryChoice,
  at: wireSeconds,
  transaction: wireHex32,
  /** What he says why, with his signature over it (EIP-712 `AppealReason`); null: he gave no reason here. */
  reason: wireReason.extend({ signature: z.string() }).nullable(),
});

export const wireDispute = z.object({
  /** Hash of the dispute, as the oracle's word holds it. */
  id: wireHex32,
  question: wireHex32,
  disputer: wireAddress,
  /** The value that was objected to, and the claim against it, for people too. */
  value: wireInteger.nullable(),
  valueLabel: z.string(),
  claim: wireInteger.nullable(),
  claimLabel: z.string(),
  /** What he says why; null: he gave no reason. */
  reason: wireReason.nullable(),
  deposit: wireInteger,
  stage: disputeStage,
  tier: z.number().int().min(0).max(2),
  verdict: juryChoice,
  openedAt: wireSeconds,
  openedIn: wireHex32,
  /** Unix seconds by the chain's clock, first second too late; null where nothing runs out. Later when paused. */
  until: wireSeconds.nullable(),
  juries: z.array(wireHex32),
  appeals: z.array(wireAppeal),
  deposits: z.array(wireDeposit),
  /** Where what came back to nobody went; null while the dispute is open. */
  spent: z.object({ jurors: wireInteger, signers: wireInteger, insurance: wireInteger }).nullable(),
  /** What the oracle made of it; null while open. */
  outcome: z.enum(["uphold", "restore", "replace", "reopen", "invalid"]).nullable(),
  ladder: z.array(wireLadderStep),
});

export const wireJuror = z.object({
  index: z.number().int().min(0).max(255),
  signer: wireAddress,
  owner: wireAddress,
  seats: z.number().int(),
  committed: z.boolean(),
  /** Shown once opened on chain. */
  choice: juryChoice.nullable(),
  fault: z.enum(["missing", "incoherent", "withheld", "leaked", "equivocal"]).nullable(),
  /** What this jury can bring and cost him, by his stake of now; losses once, not for each seat. */
  stakes: z.object({
    stake: wireInteger,
    /** Paid for voting with the verdict; nothing when there is none. */
    coherent: wireInteger,
    incoherent: wireInteger,
    missing: wireInteger,
    /** Sealed on chain and not opened. */
    withheld: wireInteger,
    leaked: wireInteger,
    /** He votes, and holds a position in what is decided. */
    position: wireInteger,
    equivocal: wireInteger,
  }),
});

export const wireJury = z.object({
  id: wireHex32,
  /** The terms that hash to the id, as the court wants them. */
  terms: z.object({
    arbitrable: wireAddress,
    subject: wireHex32,
    size: z.number().int(),
    jurorEpoch: z.number().int(),
    excluded: wireHex32,
    fee: wireInteger,
    openedAt: wireSeconds,
    beaconRound: wireInteger,
  }),
  dispute: wireHex32.nullable(),
  question: wireHex32.nullable(),
  phase: z.enum(["evidence", "commit", "reveal", "ended"]),
  /** Unix seconds by the chain's clock at which each phase ends, if no pause comes. */
  evidenceEndsAt: wireSeconds,
  commitEndsAt: wireSeconds,
  revealEndsAt: wireSeconds,
  /** Null until the beacon round is proved: nobody is drawn yet. */
  seed: wireHex32.nullable(),
  jurors: z.array(wireJuror),
  votes: z.object({ answer: z.number(), claim: z.number(), neither: z.number(), drawn: z.number() }),
  /** Seats that must agree for a verdict, and those whose vote is sealed and handed over. */
  needed: z.number().int(),
  sealed: z.number().int(),
  /** Seats of the jury that hears it when this one ends undecided; null after the largest, and of an accusation. */
  nextJury: z.number().int().nullable(),
  choice: juryChoice,
  closed: z.boolean(),
});

/** What a juror hands over, signed: POST /v1/juries/{id}/commitments. The digest is the court's `voteDigest`. */
export const wireCommitment = z.object({
  juror: z.number().int().min(0).max(255),
  commitment: wireHex32,
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
});
/** In the reveal window: POST /v1/juries/{id}/openings. */
export const wireOpening = z.object({
  juror: z.number().int().min(0).max(255),
  choice: z.number().int().min(1).max(3),
  salt: z.string().regex(/^0x[0-9a-f]{32}$/),
});

/** Told to a juror: the same again is answered with the first receipt. */
export const wireJurorReceipt = z.object({
  jury: wireHex32,
  juror: z.number().int(),
  receivedAt: wireSeconds,
  repeated: z.boolean(),
});
/** A batch in the order of its hash: who is in it and was not shown it whole must commit himself. */
export const wireBatch = z.object({
  batch: wireHex32,
  commitments: z.array(wireHex32),
  /** On chain as far as this server knows. */
  posted: z.boolean(),
});

/** Asked before a wallet signs: what it costs, what can come of it. */
export const wirePrepareDispute = z.object({
  account: wireAddress,
  /** The value that is right instead, "too early" or "invalid"; decimal in the question's unit, or a label. */
  claim: z.string().min(1).max(80),
  /** keccak256 of the text that says why; the text itself goes to `/oracle/reasons`. */
  reason: wireHex32.optional(),
});
export const wirePreparedDispute = z.object({
  question: wireHex32,
  claim: wireInteger,
  deposit: wireInteger,
  /** What comes back when right, without what slashing adds; and when wrong. */
  whenRight: wireInteger,
  whenWrong: wireInteger,
  /** What comes back when no jury finds a verdict; a quarter less where none can be drawn. */
  whenUndecided: wireInteger,
  /** What slashing who signed would bring besides when right, at the least. */
  bounty: wireInteger,
  /** Basis points: how sure one must be not to lose on average; null when being right costs too. */
  breakEven: z.number().int().nullable(),
  /** How many of those decided before went which way; computed from the chain's own history. */
  record: z.object({ upheld: z.number().int(), overturned: z.number().int() }),
  closesAt: wireSeconds,
  calls: z.array(wireCall),
});
export const wirePrepareAppeal = z.object({ account: wireAddress, choice: z.number().int().min(1).max(3) });
export const wirePreparedAppeal = z.object({
  dispute: wireHex32,
  choice: juryChoice,
  deposit: wireInteger,
  jurySize: z.number().int(),
  whenRight: wireInteger,
  whenWrong: wireInteger,
  /** What comes back when no jury finds a verdict. */
  whenUndecided: wireInteger,
  /** Of what the same account put down before: comes back besides when right. */
  earlier: wireInteger,
  /** What slashing who signed would bring besides when right, at the least. */
  bounty: wireInteger,
  /** Basis points: how sure one must be not to lose on average; null when being right costs too. */
  breakEven: z.number().int().nullable(),
  closesAt: wireSeconds,
  calls: z.array(wireCall),
});

export const wireSlash = z.object({
  owner: wireAddress,
  fault: wireHex32,
  /** "equivocation", "overturned", "outside tolerance", "juror missing", "collusion" and so on. */
  reason: z.string(),
  amount: wireInteger,
  challenger: wireAddress.nullable(),
  question: wireHex32.nullable(),
  at: wireSeconds,
  transaction: wireHex32,
});

/** Something that the security monitor saw. */
export const wireSecurityEvent = z.object({
  id: z.string(),
  rule: z.string(),
  /** 1 a notice, 5 an emergency. */
  severity: z.number().int().min(1).max(5),
  subject: z.string(),
  summary: z.string(),
  evidence: wireHex32.nullable(),
  at: wireSeconds,
  state: z.enum(["open", "triaged", "closed"]),
  /** Who moved it there and why; null while open. */
  note: z.string().nullable(),
});
/** What stops, or slows, by itself: the two that double windows everywhere, and one for each feed. */
export const wireBreaker = z.object({
  name: z.enum(["value", "disputes", "feed"]),
  /** "all domains", or the feed's. */
  scope: z.string(),
  feed: wireHex32.nullable(),
  tripped: z.boolean(),
  /** Of what holds now; null while nothing does. */
  since: wireSeconds.nullable(),
  reason: z.string().nullable(),
  /** Null: until somebody signs, not until a time. */
  until: wireSeconds.nullable(),
  /** What it goes by now, and what would be too much: collateral in the smallest unit, or disputes. Null for feeds. */
  found: wireInteger.nullable(),
  limit: wireInteger.nullable(),
  /** What it tripped at, and the limit of then; null while it is not tripped, and for feeds. */
  trippedAt: z.object({ found: wireInteger, limit: wireInteger }).nullable(),
});
/** The guardian's pause; `guardian` is who called it. */
export const wirePause = z.object({
  number: z.number().int(),
  guardian: wireAddress,
  since: wireSeconds,
  until: wireSeconds,
});
/** GET /v1/security: breakers, the pause, and what is secured against what stands behind it. */
export const wireSecurity = z.object({
  pausedUntil: wireSeconds.nullable(),
  /** The last one, also when it is over; null before the first. */
  pause: wirePause.nullable(),
  /** From when on the guardian may pause; null: now. */
  mayPauseFrom: wireSeconds.nullable(),
  /** Answers that the pause was not added to yet. */
  unheld: z.number().int(),
  guardian: wireAddress.nullable(),
  windowFactor: z.number().int(),
  breakers: z.array(wireBreaker),
  domains: z.array(
    z.object({
      domain: z.number().int(),
      secured: wireInteger,
      stake: wireInteger,
      weight: wireInteger,
      /** Basis points: secured of weight. One third is the most that a question may have. */
      ratio: z.number().int(),
    }),
  ),
  openEvents: z.number().int(),
});
