import { z } from "zod";
import { wireCommitOpening, wireCommitState } from "./commit/wire.ts";
import { KIND_NAMES, MAX_ITEMS, vectorItems } from "./kinds/index.ts";
import { source } from "./sources/index.ts";
import { TEXT_ROOM } from "./text-room.ts";
import { wireAddress, wireHex32, wireInteger, wireSeconds } from "./wire-words.ts";

export { wireAddress, wireHex32, wireInteger, wireSeconds };

/** JSON shapes of the oracle's part of the API. Amounts and values are decimal strings: they outgrow a double. */
export const questionStatus = z.enum(["open", "answered", "disputed", "final", "invalid"]);
export const questionKind = z.enum(KIND_NAMES);

export const MAX_SOURCES = 12;
export const MAX_SECONDARY = 4;

/**
 * What is asked, as the asker logs it on chain: canonical JSON of this object, its keccak256 in the question's terms.
 * What is optional here was not there from the start; schemas without it read as they always did.
 */
export const questionSchema = z.object({
  version: z.literal(1),
  text: z.string().min(8).max(TEXT_ROOM.question),
  kind: questionKind,
  /** Labels in the order of the outcomes; bool is always ["No", "Yes"]. Empty for numbers. */
  outcomes: z.array(z.string().min(1).max(TEXT_ROOM.label)).max(48).default([]),
  /** Fixed point of a numeric answer: 2315.5 with 8 decimals is 231550000000. */
  decimals: z.number().int().min(0).max(18).default(0),
  unit: z.string().max(TEXT_ROOM.unit).default(""),
  /** Vector only: what is asked of each item. */
  items: vectorItems.optional(),
  /** The moment that the answer speaks of; providers put it into `{observeAt}` and the like of a source's url. */
  observeAt: wireSeconds,
  /** What became public after this moment does not count, where a source tells. Without it everything counts. */
  discloseBy: wireSeconds.optional(),
  /** Empty: people answer, programs abstain. */
  sources: z.array(source).max(MAX_SOURCES).default([]),
  /** Read instead, all of them, by whoever cannot read the sources once it is late. Never for a vector. */
  secondary: z.array(source).min(1).max(MAX_SECONDARY).optional(),
  /** `all`: more than half of the sources decide. `first`: the first that says anything, in the order of the list. */
  order: z.enum(["all", "first"]).optional(),
  /** How a number that was read becomes a bool (`threshold`) or an outcome (`cuts`). */
  rule: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("value") }),
      z.object({ type: z.literal("atLeast"), threshold: z.string() }),
      z.object({ type: z.literal("cuts"), cuts: z.array(z.string()).min(1).max(47) }),
    ])
    .default({ type: "value" }),
  /** What holds when no source says anything: `invalid`, or a number that is taken as said. */
  default: z.string().min(1).max(TEXT_ROOM.number).default("invalid"),
  /** In the question's unit; what the terms say of it must be the same. */
  tolerance: z.string().min(1).max(TEXT_ROOM.number).optional(),
  /** What may end it before `opensAt`; for terms that let it end early. */
  endsEarly: z.string().min(1).max(500).optional(),
  description: z.string().max(TEXT_ROOM.description).default(""),
});
export type QuestionSchema = z.infer<typeof questionSchema>;

/** Sealed while its question is open: value, label, signature, evidence and observations are withheld. */
export const wireReport = z.object({
  provider: wireAddress,
  signer: wireAddress,
  seat: z.number().int(),
  value: wireInteger.nullable(),
  /** Vector only: what was signed instead of the value, which is 0. */
  root: wireHex32.nullable(),
  /** "3,182.44 USD", "Yes", "too early": for people. */
  label: z.string().nullable(),
  weight: wireInteger,
  signature: z.string().nullable(),
  epoch: z.number().int(),
  round: z.number().int(),
  receivedAt: wireSeconds,
  /** Counted in the answer that the contract accepted. */
  counted: z.boolean(),
  /** sha256 of the evidence bundle, served at /v1/evidence/{hash} once the question is no longer open. */
  evidence: wireHex32.nullable(),
  /**
   * What opened its commitment, where values are committed first: the salt on chain is
   * keccak256(abi.encode(secret, evidence, clarifications)).
   */
  opening: wireCommitOpening.extend({ salt: wireHex32 }).nullable(),
  /** What each source said, from the evidence; dropped sources carry the reason. */
  observations: z.array(
    z.object({
      source: z.string(),
      value: z.string().nullable(),
      dropped: z.string().nullable(),
      fetchedAt: wireSeconds,
    }),
  ),
});

export const wireQuestion = z.object({
  id: wireHex32,
  chainId: z.number().int(),
  asker: wireAddress,
  schema: questionSchema,
  status: questionStatus,
  /** Open: when reports may start, or where it may end early, from when on two thirds of the weight are enough. */
  opensAt: wireSeconds,
  deadline: wireSeconds,
  liveness: z.number().int(),
  finalizeAt: wireSeconds.nullable(),
  round: z.number().int(),
  reward: wireInteger,
  rewardSettled: z.boolean(),
  value: wireInteger.nullable(),
  label: z.string().nullable(),
  /** Basis points of all weight within tolerance. */
  confidence: z.number().int().nullable(),
  askedAt: wireSeconds,
  askedIn: wireHex32,
  answeredIn: wireHex32.nullable(),
  reportCount: z.number().int(),
});

/** The terms as the contract hashes them. */
export const wireTerms = z.object({
  asker: wireAddress,
  schema: wireHex32,
  aggregation: z.enum(["plurality", "median", "root"]),
  min: wireInteger,
  max: wireInteger,
  tolerance: wireInteger,
  opensAt: wireSeconds,
  deadline: wireSeconds,
  liveness: z.number().int(),
  reward: wireInteger,
  nonce: wireInteger,
  domain: z.number().int().min(0).max(15),
  endsEarly: z.boolean(),
  secures: wireInteger,
});

export const wireQuestionDetail = wireQuestion.extend({
  terms: wireTerms,
  /** When the contract took the answer that stands; of one that a ruling gave, when it did. */
  answeredAt: wireSeconds.nullable(),
  reports: z.array(wireReport),
  /** While it is open, and secures so much that values are committed first; null otherwise. */
  commit: wireCommitState.nullable(),
  /** How the answer came out of the reports, step by step, in words with the numbers in them. */
  explanation: z.array(z.string()),
  totalWeight: wireInteger.nullable(),
  /** What the asker said about it before it opened. Each begins a round: what was signed before counts no more. */
  clarifications: z.array(
    z.object({
      round: z.number().int(),
      text: z.string(),
      /** Over this text and all before it; the question's word holds the last. */
      chain: z.string(),
      at: wireSeconds,
      transaction: wireHex32,
    }),
  ),
  /** Vector only: what all answers stand under. */
  root: wireHex32.nullable(),
  reopenings: z.array(z.object({ round: z.number().int(), notBefore: wireSeconds, transaction: wireHex32 })),
  /** Who may put off its answer, once, by one liveness; null: nobody was named, or he did. */
  watcher: wireAddress.nullable(),
  /** By whom an answer was put off, and to when it would be final then: it may have been disputed since. */
  veto: z
    .object({
      watcher: wireAddress,
      at: wireSeconds,
      finalizeAt: wireSeconds,
      transaction: wireHex32,
      /** Why; null: he gave no reason. Its text is null where it was never handed over here, or was erased. */
      reason: z.object({ hash: wireHex32, text: z.string().nullable() }).nullable(),
    })
    .nullable(),
  markets: z.array(wireHex32),
});

/** One answer of a vector, with what proves it against the question's word. */
export const wireItem = z.object({
  index: z.number().int(),
  name: z.string(),
  value: wireInteger,
  label: z.string(),
});
export const wireItemProof = wireItem.extend({
  question: wireHex32,
  status: questionStatus,
  finalizeAt: wireSeconds,
  root: wireHex32,
  /** With the root: `RootAnswer`, as `getProved` takes it. */
  facts: wireInteger,
  /** From the leaf to the root of a tree; null for packed words. */
  proof: z.array(wireHex32).nullable(),
  /** All words, whose hash is the root; null for a tree. */
  words: z.array(wireInteger).nullable(),
});

export const wireProvider = z.object({
  owner: wireAddress,
  signer: wireAddress,
  stake: wireInteger,
  state: z.enum(["active", "unbonding", "withdrawn"]),
  /** Which he serves. */
  domains: z.array(z.number().int()),
  /** Of language models that he answers by; 0 for a person. */
  family: z.number().int(),
  /** Whether he sits on juries. */
  juror: z.boolean(),
  /** For ever, with every key that he named. */
  banned: z.boolean(),
  /** Collateral that was taken from the stake so far, and juries that he was drawn for and missed. */
  slashed: wireInteger,
  misses: z.number().int(),
  /** A case keeps the stake; no seat and no jury before. Unix seconds. */
  frozenUntil: wireSeconds.nullable(),
  suspendedUntil: wireSeconds.nullable(),
  /** Seat and weight of the first domain that seats him. */
  seat: z.number().int().nullable(),
  weight: wireInteger,
  unbondsAt: wireSeconds.nullable(),
  reports: z.number().int(),
  counted: z.number().int(),
  lastReportAt: wireSeconds.nullable(),
  credit: wireInteger,
});

/** What a provider hands over: POST /v1/reports. The signature is EIP-712 `Report(question,value,epoch,round)`. */
export const wireHandover = z.object({
  question: wireHex32,
  value: wireInteger,
  epoch: z.number().int().nonnegative(),
  round: z.number().int().min(0).max(255),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
  /** Canonical JSON of the evidence bundle; its sha256 is its name. At most 64 KiB. */
  evidence: z.string().max(65_536),
  /** EIP-712 `Evidence(bytes32 question,uint8 round,bytes32 hash)` by the same signer. */
  evidenceSignature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
  /** Vector only, with `value` 0: the root, which the signature `RootReport(question,root,epoch,round)` is for. */
  root: wireHex32.optional(),
  /** What stands under the root, one for each item. */
  values: z.array(wireInteger).min(1).max(MAX_ITEMS).optional(),
  /** Where values are committed first: opens what was handed over in the time to commit. */
  opening: wireCommitOpening.optional(),
});

/** What a provider hands over for a Root question: POST /v1/root-reports. EIP-712 `RootReport(question,root,epoch,round)`. */
export const wireRootHandover = z.object({
  question: wireHex32,
  root: wireHex32,
  epoch: z.number().int().nonnegative(),
  round: z.number().int().min(0).max(255),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
});

export const wireReceipt = z.object({
  question: wireHex32,
  signer: wireAddress,
  seat: z.number().int(),
  receivedAt: wireSeconds,
  /** The same report again is answered with the first receipt. */
  repeated: z.boolean(),
});

/** A call for the user's wallet to sign and send. */
export const wireCall = z.object({
  chainId: z.number().int(),
  to: wireAddress,
  data: z.string().regex(/^0x[0-9a-fA-F]*$/),
  value: wireInteger,
  /** What the wallet is about to do, in one sentence. */
  purpose: z.string(),
});
/** EIP-712 typed data in the shape that eth_signTypedData_v4 takes. */
export const wireTypedData = z.object({
  purpose: z.string(),
  domain: z.record(z.string(), z.unknown()),
  types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
  primaryType: z.string(),
  message: z.record(z.string(), z.unknown()),
});

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
