import type { Address, Hex } from "@sooth/kernel";
import type { Fact } from "../../facts.ts";
import type { Bundle, Decided, Leg, Outcome, Place, Settled } from "../../types.ts";
import {
  ALL_LIMIT_RULES,
  type Bounds,
  type Bucket,
  type End,
  type Ends,
  type Entry,
  type LimitRules,
} from "./bounds.ts";

/** What owners know of a bundle, and hand to contracts as calldata. */
export type Known = { id: Hex; bundle: Bundle; legs: readonly Leg[]; hashes: readonly Hex[] };

export type HubWord = { outcome: Outcome; base: bigint; fee: bigint; settled: boolean };
export type Receipt = { status: Settled; result: Hex; relayer: Address };
export type Held = {
  /** Units of the token; none of a participant. */
  amount: bigint;
  state: "held" | "paid" | "returned" | "taken_back";
  relayer: Address;
  /** The outcome by which a participant failed, and is to finish. */
  due: Decided | null;
  /** How often it failed. */
  failures: number;
  /** Held while a lane was bounded: it counts there how it ends. */
  onLanes: boolean;
};

/**
 * What the contracts of one chain keep. Records are never changed, only replaced: a block is one of these. Fields that
 * begin with `saw` are the model's own, for the checks; no contract reads them.
 */
export type State = {
  hub: ReadonlyMap<Hex, HubWord>;
  nextOrdinal: bigint;
  /** Wei of fees that the hub holds. */
  fees: bigint;
  receipts: ReadonlyMap<bigint, Receipt>;
  /** By ordinal: compensations that were tried and failed. */
  failures: ReadonlyMap<bigint, number>;
  /** By bundle and place. */
  held: ReadonlyMap<string, Held>;
  /** Units of the token that the escrow has. */
  vault: bigint;
  /** By what they bound: what entered and has not drained, and how what is on a lane ended of late. */
  buckets: ReadonlyMap<string, Bucket>;
  ends: ReadonlyMap<string, Ends>;
  sawRuns: ReadonlyMap<bigint, number>;
  sawFeesIn: bigint;
  sawFeesOut: bigint;
  sawDecidedAt: ReadonlyMap<Hex, number>;
  sawUnopenedAt: ReadonlyMap<Hex, number>;
  sawTakenBackAt: ReadonlyMap<string, number>;
  sawRanAt: ReadonlyMap<bigint, number>;
  sawEntered: ReadonlyMap<string, readonly Entry[]>;
  sawEnded: ReadonlyMap<string, readonly End[]>;
};

export const GENESIS: State = {
  hub: new Map(),
  nextOrdinal: 1n,
  fees: 0n,
  receipts: new Map(),
  failures: new Map(),
  held: new Map(),
  vault: 0n,
  buckets: new Map(),
  ends: new Map(),
  sawRuns: new Map(),
  sawFeesIn: 0n,
  sawFeesOut: 0n,
  sawDecidedAt: new Map(),
  sawUnopenedAt: new Map(),
  sawTakenBackAt: new Map(),
  sawRanAt: new Map(),
  sawEntered: new Map(),
  sawEnded: new Map(),
};

export const heldKey = (id: Hex, place: Place): string => `${id} ${place}`;

/** A fact with those who signed it (bits of their seats) until when. */
export type Evidence = { fact: Fact; signers: number; validUntil: number };

/** A transaction's call: plain values, so that the same can be sent to a model and to a node. */
export type Call = { bundle: Known; by: Address; evidence: readonly Evidence[] } & (
  | { to: "hub"; do: "open" | "commit" | "abort" | "settle" }
  | { to: "settler"; do: "run" | "cancel"; leg: Place; base: bigint }
  /** `borrow`: held and finished in one transaction, or nothing of it, as who borrowed for no longer must have it. */
  | { to: "escrow"; do: "prepare" | "finish" | "take_back" | "borrow"; leg: Place }
);

export type Block = {
  chainId: number;
  /** Time of the block, unix seconds. */
  now: number;
  height: number;
  paused: boolean;
};

/** What stands outside the contracts: how many must have signed, how calls end, who lets his tokens be taken. */
export type Setting = {
  quorum: number;
  times: { grace: number; escape: number };
  /** Whether the call of a leg succeeds, at its try number `failures`, at this time. */
  succeeds: (known: Known, place: Place, failures: number, now: number) => boolean;
  authorised: (known: Known, place: Place) => boolean;
  /** What bounds escrows. */
  bounds: Bounds;
  rules: Rules;
};

/** Rules of the contracts, each of which a mutant switches off to see that the checks notice. */
export type Rules = LimitRules & {
  replayBit: boolean;
  runBeforeDeadline: boolean;
  dependencies: boolean;
  cancelNeedsDecision: boolean;
  undoNeedsAbort: boolean;
  undoNeedsOk: boolean;
  firstDecisionWins: boolean;
  commitBeforeDeadline: boolean;
  commitNeedsAll: boolean;
  abortAfterDeadline: boolean;
  unopenedAfterDeadline: boolean;
  dueStands: boolean;
  finishNeedsDecision: boolean;
  finishOnce: boolean;
  takeBackAfterEscape: boolean;
  prepareOnce: boolean;
  ordinalsApart: boolean;
  feesOnce: boolean;
};
export const ALL_RULES: Rules = {
  ...ALL_LIMIT_RULES,
  replayBit: true,
  runBeforeDeadline: true,
  dependencies: true,
  cancelNeedsDecision: true,
  undoNeedsAbort: true,
  undoNeedsOk: true,
  firstDecisionWins: true,
  commitBeforeDeadline: true,
  commitNeedsAll: true,
  abortAfterDeadline: true,
  unopenedAfterDeadline: true,
  dueStands: true,
  finishNeedsDecision: true,
  finishOnce: true,
  takeBackAfterEscape: true,
  prepareOnce: true,
  ordinalsApart: true,
  feesOnce: true,
};

/** A call that the contract refuses; the transaction has no effect. */
export type Refusal = { refused: string };
export type Applied = { state: State } | Refusal;
export type Proves = (fact: Fact) => boolean;

export const put = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> =>
  new Map(map).set(key, value);
