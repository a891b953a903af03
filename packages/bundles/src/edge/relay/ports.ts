import type { Address, Hex } from "@sooth/kernel";
import type { AttestedBatch, Bundle, BundleShown, Fact, Leg } from "../../core/index.ts";
import type { Consent } from "./desks.ts";

/** What a bundler reads of the chains. */
export type Watched = {
  onChange(told: (ids: ReadonlySet<Hex>) => void): void;
  onHead(told: (chainId: number, head: { number: number; timestamp: number }) => void): void;
  shown(id: Hex): BundleShown | undefined;
  known(): Iterable<Hex>;
  /** Whether any chain shows something of it. */
  isSeen(id: Hex): boolean;
  learn(id: Hex, learned: { bundle: Bundle; legs: readonly Leg[] }): void;
  returned(ordinal: bigint): Hex;
  ready: Promise<void>;
};

/**
 * Either a quorum signed a batch of exactly these facts, or these are the ones that it does not say. `isLate`: nobody said
 * anything against it, too few have answered yet.
 */
export type Asked = { batch: AttestedBatch } | { missing: readonly Fact[]; why: string; isLate?: boolean };
export type Evidence = {
  /** @param chainId where it is to be believed */
  ask(facts: readonly Fact[], chainId: number, signal: AbortSignal): Promise<Asked>;
};

export type Told = { id: Hex; bundle: Bundle; legs: readonly Leg[] };
export type WantedOpenings = {
  limit: number;
  /** Bundles that are being opened, and owners that have to wait. */
  aside: { ids: readonly Hex[]; owners: readonly Address[] };
};
/**
 * What came of looking at an opening. `owed`: nothing is known against it, so it should be open soon; `waits`: it pays too
 * little, or the hub would not open it; `refused`: the hub did not, in a block, which costs its owner nothing.
 */
export type TriedOpening = { id: Hex; came: "owed" | "waits" | "refused" };
export type Signed = { bundle: Bundle; signature: Hex; legs: readonly Leg[] | null };
/** What owners and payers handed over, which no chain says. */
export type HandedOver = {
  /** Legs that became known since the last time. */
  legs(): Promise<readonly Told[]>;
  /**
   * Bundles that their owners signed and nobody opened yet, in turns by owner: one of each, then the second of each. First what
   * was never tried, then what has waited longest since; so whoever comes later is reached, however many wait.
   */
  openings(wanted: WantedOpenings): Promise<readonly Signed[]>;
  /** Has them wait, longer each time; what the hub refused in three blocks is not tried again. */
  tried(found: readonly TriedOpening[]): Promise<void>;
  /** Of each leg that a payer consented to. */
  consents(ids: readonly Hex[]): Promise<ReadonlyMap<string, Consent>>;
};
/** Key of a leg in {HandedOver.consents}. */
export const consentKey = (id: Hex, place: number): string => `${id} ${place}`;
