import { type Addresses, type Chain, unlessAway } from "@sooth/chain";
import { need } from "@sooth/kernel";
import {
  asBrought,
  BundlesError,
  isDue,
  type Leg,
  type Place,
  type WireBundleTrial,
} from "../../core/index.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { type Payer, payersOf } from "../payloads.ts";
import { loadBundles, type StoredBundle } from "../rows/load-bundles.ts";
import { isPublic } from "../to-wire.ts";
import { tryLeg } from "./try-leg.ts";

type TryDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses">;

/**
 * Tries every leg of a bundle that could be brought now, as things stand: what it needs is known, and what it takes from others is
 * put in. Of private legs, of those that wait, and of those whose chain does not answer, nothing is said.
 * @throws bundles.unknown
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
      const found = await unlessAway(() => tryDue(chain, deps.addresses, stored, place, leg));
      if (!found) return [];
      return [isPermitted(found, payers) ? { place, fails: null, lacks: null } : found];
    }),
  );
  return { legs: tried.flat() };
}

function dueOf(stored: StoredBundle): { place: Place; leg: Leg }[] {
  return [...(stored.legs ?? []).entries()].flatMap(([place, leg]) =>
    isDue(stored, place, leg) && isPublic(stored, need(stored.shown[place], `leg ${place}`))
      ? [{ place, leg }]
      : [],
  );
}

/** What its payer has not allowed, but permitted to whoever brings it, is not missing. */
const isPermitted = ({ place, lacks }: WireBundleTrial["legs"][number], payers: readonly Payer[]): boolean =>
  lacks !== null &&
  BigInt(lacks.balance) >= BigInt(lacks.wanted) &&
  payers.some((one) => one.place === place && (one.permit?.value ?? 0n) >= BigInt(lacks.wanted));

async function tryDue(
  chain: Chain,
  addresses: Addresses,
  stored: StoredBundle,
  place: Place,
  leg: Leg,
): Promise<WireBundleTrial["legs"][number]> {
  const alone = asBrought(stored, leg);
  if (alone === null) return { place, fails: "what earlier legs returned does not fit it", lacks: null };
  const { fails, lacks } = await tryLeg(chain, addresses, stored.bundle.owner, alone);
  return { place, fails, lacks };
}
