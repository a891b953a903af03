import { type Address, type Hex, need } from "@sooth/kernel";
import type { Fact } from "./facts.ts";
import type { Bundle, Leg, LegStatus, Outcome, Place } from "./types.ts";

/**
 * What a leg's chain shows of it. An escrow's leg is held until it is paid (ok), given back (cancelled), or taken back, of which
 * there is no receipt: nobody decided it.
 */
export type LegShown = {
  state: LegStatus | "held" | "taken_back";
  /** Of a leg with a receipt: hash of what it returned, and who brought it. */
  result: Hex;
  relayer: Address;
  /** How often this compensation was tried and failed. */
  failures: number;
};
export type ChainShown = {
  now: number;
  paused: boolean;
  /** Whether its escrow wants to see a bundle's other legs, since a lane is bounded there; left out: it does not. */
  lanes?: boolean;
};
export type HubShown = ChainShown & {
  outcome: Outcome;
  /** Ordinal of the first leg; null before the bundle is open. */
  base: bigint | null;
  /** Wei for those who relay: the header's, and what anybody added since. */
  fee: bigint;
  /** Whether its fees are paid. */
  settled: boolean;
};

/**
 * All that chains show of a bundle: at their newest blocks to a relayer, at the blocks that his policy trusts to an
 * attester. Every decision is a function of this, so whoever lost his memory decides the same.
 */
export type BundleShown = {
  id: Hex;
  bundle: Bundle;
  legs: readonly Leg[];
  hashes: readonly Hex[];
  hub: HubShown;
  chains: ReadonlyMap<number, ChainShown>;
  shown: readonly LegShown[];
};

/** What facts are made of: no leg itself, so payloads may stay private to those who attest. */
export type FactsView = Pick<BundleShown, "id" | "bundle" | "hashes" | "shown"> & {
  hub: Pick<HubShown, "outcome" | "base">;
};

export const legAt = (view: BundleShown, place: Place): Leg => need(view.legs[place], `leg ${place}`);
export const shownAt = (view: Pick<BundleShown, "shown">, place: Place): LegShown =>
  need(view.shown[place], `what is shown of leg ${place}`);
export const stateOf = (view: Pick<BundleShown, "shown">, place: Place): LegShown["state"] =>
  shownAt(view, place).state;
export const chainOf = (view: BundleShown, place: Place): ChainShown =>
  need(view.chains.get(legAt(view, place).chainId), `the chain of leg ${place}`);
export const placesOfAll = (view: BundleShown): Place[] => [...view.legs.keys()];

const baseOf = ({ hub }: FactsView): bigint => need(hub.base, "the first ordinal");

/** The hub opened it: this leg stands at its ordinal. */
export const openedFact = (view: FactsView, place: Place): Fact => ({
  kind: "opened",
  base: baseOf(view),
  index: place,
  owner: view.bundle.owner,
  deadline: view.bundle.deadline,
  leg: need(view.hashes[place], `hash of leg ${place}`),
});

/** What became of a leg; null while nothing has. */
export function receiptFact(view: FactsView, place: Place): Fact | null {
  const { state, result, relayer } = shownAt(view, place);
  if (state === "none" || state === "held" || state === "taken_back") return null;
  return { kind: "receipt", ordinal: baseOf(view) + BigInt(place), status: state, result, relayer };
}

/** What the hub decided; null while it has not. */
export function decisionFact(view: FactsView): Fact | null {
  const { outcome } = view.hub;
  if (outcome !== "committed" && outcome !== "aborted") return null;
  return { kind: "decision", id: view.id, base: baseOf(view), outcome };
}
