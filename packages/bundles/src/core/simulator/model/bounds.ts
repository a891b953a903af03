import type { Address } from "@sooth/kernel";

/** What bounds a token in the escrow of one chain, from some second on. */
export type Limit = {
  /** Null: every token, each by itself. */
  token: Address | null;
  /** For bundles that also have legs on this chain: a lane. Null: for all that enters. */
  other: number | null;
  /** Units of the token that may enter within a window. */
  most: bigint;
  from: number;
};
export type Bounds = {
  /** In which a bucket that is full drains: the contract's hour. */
  window: number;
  /** What is given back and paid is weighed within one, and a lane rests to its end: the contract's half hour. */
  spell: number;
  /** By chain. */
  limits: ReadonlyMap<number, readonly Limit[]>;
};
export const UNBOUNDED: Bounds = { window: 3_600, spell: 1_800, limits: new Map() };
export type Bucket = { filled: bigint; at: number };
export type Ends = { back: bigint; paid: bigint; spell: number };
/** What a bucket took, and how what is on a lane ended: the model's own, for the checks. */
export type Entry = { at: number; amount: bigint };
export type End = Entry & { paid: boolean };

/** Rules of limits, each of which a mutant switches off. */
export type LimitRules = {
  limitsHold: boolean;
  countsOnce: boolean;
  countsOnEveryLane: boolean;
  drains: boolean;
  /** What leaves gives no room back, or who takes his own back by a lie could fill it again and again. */
  keepsWhatLeft: boolean;
  refusedIsNotHeld: boolean;
  lanesRest: boolean;
  lanesWake: boolean;
  weighsWhatIsPaid: boolean;
  finishAtRest: boolean;
  finishWhenFull: boolean;
  takeBackAcross: boolean;
  outcomeAtRest: boolean;
  leavesInAnother: boolean;
};
export const ALL_LIMIT_RULES: LimitRules = {
  limitsHold: true,
  countsOnce: true,
  countsOnEveryLane: true,
  drains: true,
  keepsWhatLeft: true,
  refusedIsNotHeld: true,
  lanesRest: true,
  lanesWake: true,
  weighsWhatIsPaid: true,
  finishAtRest: true,
  finishWhenFull: true,
  takeBackAcross: true,
  outcomeAtRest: true,
  leavesInAnother: true,
};
