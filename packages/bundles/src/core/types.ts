import type { Address, Hex } from "@sooth/kernel";

/** Mirror of contracts/src/bundles/BundleTypes.sol. A name's place in its list is the contract's number for it. */
export const MODES = ["ordered", "escrowed"] as const;
export const LEG_KINDS = ["shared", "account", "value", "escrow", "participant"] as const;
export const COMPARISONS = ["equal", "at_least", "at_most"] as const;
export const LEG_STATUSES = ["none", "ok", "failed", "cancelled", "missed"] as const;
/** Why the settler left a leg alone that was brought. */
export const WAITS = ["late", "paused", "resting", "unfunded", "nested"] as const;
export const OUTCOMES = ["none", "open", "committed", "aborted"] as const;

export type Mode = (typeof MODES)[number];
export type LegKind = (typeof LEG_KINDS)[number];
export type Comparison = (typeof COMPARISONS)[number];
export type LegStatus = (typeof LEG_STATUSES)[number];
/** What a receipt can say: a leg of which something became. */
export type Settled = Exclude<LegStatus, "none">;
export type Outcome = (typeof OUTCOMES)[number];
export type Decided = Extract<Outcome, "committed" | "aborted">;

/** Which of a bundle's legs: its index in the list that `legsHash` is of. */
export type Place = number;

/** What an owner signs. Its digest under the hub's domain is the bundle's id. */
export type Bundle = {
  owner: Address;
  mode: Mode;
  legs: number;
  /** Unix seconds; no leg runs, and nothing escrowed is committed, later. */
  deadline: number;
  legsHash: Hex;
  /** Wei of the hub, for those who relay. */
  fee: bigint;
  salt: bigint;
};

export type Leg = {
  chainId: number;
  kind: LegKind;
  /** Who is called, or the token that an escrow holds. */
  target: Address;
  /** Wei to send along, or the amount that an escrow holds, in units of the token. */
  value: bigint;
  /** Units of gas; the call gets all of it, or does not happen. */
  gasLimit: number;
  data: Hex;
  /** Places that must have run well before; ascending, lower than its own. */
  needsOk: readonly Place[];
  /** Places that must have run and failed before. */
  needsFailed: readonly Place[];
  /** Places of which it must be known what became, whatever it is. */
  needsSettled: readonly Place[];
  /** The leg that this one compensates; null for none. */
  undoes: Place | null;
  splices: readonly Splice[];
  conditions: readonly Condition[];
  /** Keeps what is not shown yet from being guessed. */
  salt: Hex;
};

// All legs share it.
const none = Object.freeze([]) as unknown as never[];

/** What a leg states that waits for no other, takes nothing from one and undoes none. */
export const STANDALONE = {
  needsOk: none,
  needsFailed: none,
  needsSettled: none,
  undoes: null,
  splices: none,
  conditions: none,
} satisfies Partial<Leg>;

/** Bytes of what leg `from` returned, put into this one's calldata. */
export type Splice = { from: Place; source: number; length: number; target: number };

/** A demand on the word at byte `source` of what leg `from` returned, read as unsigned. */
export type Condition = { from: Place; source: number; comparison: Comparison; value: bigint };

/** Where bundles are opened and decided. */
export type Hub = { chainId: number; hub: Address };

export const MOST_LEGS = 32;
/** Bytes of calldata a leg. */
export const MOST_PAYLOAD = 8_192;
/** Bytes of what a call returned that are hashed; what lies behind them nobody can use. */
export const MOST_RESULT = 1_024;

export const compensates = (leg: Pick<Leg, "undoes">): boolean => leg.undoes !== null;
