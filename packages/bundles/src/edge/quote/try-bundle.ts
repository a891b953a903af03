import type { Addresses, Chain } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { BundlesError, filled, type Leg, type Place, type WireBundleTrial } from "../../core/index.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { type Payer, payersOf } from "../payloads.ts";
import { loadBundles, type StoredBundle } from "../rows/load-bundles.ts";
import { isPublic } from "../to-wire.ts";
import { tryLeg } from "./try-leg.ts";

/** Of a call that returned nothing no log is written. */
const NOTHING_RETURNED: Hex = "0x";

type TryDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses">;

/**
 * Tries every leg of a bundle that could be brought now, as things stand: what it needs is known, and what it takes from others is
 * put in. Of private legs and of those that wait nothing is said.
 * @throws bundles.unknown, chain.rpc_unreachable
 */
export async function tryBundle(deps: TryDeps, id: string): Promise<WireBundleTrial> {
  const { db } = deps.store;
  const [[stored], payers] = await Promise.all([loadBundles(db, [id]), payersOf(db, id.toLowerCase())]);
  if (!stored) throw BundlesError.unknown({ bundle: id });
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const tried = await Promise.all(
    dueOf(stored).map(async ({ place, leg }) => {
      const chain = chains.get(leg.chainId);
      if (!chain) return [];
      const found = await tryDue(chain, deps.addresses, stored, place, leg);
      return [isPermitted(found, payers) ? { place, fails: null, lacks: null } : found];
    }),
  );
  return { legs: tried.flat() };
}

/** Legs that are neither settled nor held, that everybody may see, and that wait for nothing. */
function dueOf(stored: StoredBundle): { place: Place; leg: Leg }[] {
  const { legs, shown, outcome } = stored;
  if (legs === null || outcome === "committed" || outcome === "aborted") return [];
  const stateOf = (place: Place) => shown[place]?.state ?? "none";
  return [...legs.entries()].flatMap(([place, leg]) => {
    const isDue =
      stateOf(place) === "none" &&
      leg.undoes === null &&
      leg.needsOk.every((one) => stateOf(one) === "ok") &&
      leg.needsFailed.every((one) => stateOf(one) === "failed") &&
      leg.needsSettled.every((one) => stateOf(one) !== "none");
    return isDue && isPublic(stored, need(shown[place], `leg ${place}`)) ? [{ place, leg }] : [];
  });
}

/** What its payer has not allowed, but permitted to whoever brings it, is not missing. */
const isPermitted = ({ place, lacks }: WireBundleTrial["legs"][number], payers: readonly Payer[]): boolean =>
  lacks !== null &&
  BigInt(lacks.balance) >= BigInt(lacks.wanted) &&
  payers.some((one) => one.place === place && (one.permit?.value ?? 0n) >= BigInt(lacks.wanted));

async function tryDue(
  chain: Chain,
  addresses: Addresses,
  { bundle, shown }: StoredBundle,
  place: Place,
  leg: Leg,
): Promise<WireBundleTrial["legs"][number]> {
  const data = filled(leg, (from) => shown[from]?.returned ?? NOTHING_RETURNED);
  if (data === null)
    return {
      place,
      fails: "what it takes from the legs before it does not fit, or is not what it demands",
      lacks: null,
    };
  const alone = { ...leg, data, needsOk: [], needsFailed: [], needsSettled: [], splices: [], conditions: [] };
  const { fails, lacks } = await tryLeg(chain, addresses, bundle.owner, alone);
  return { place, fails, lacks };
}
