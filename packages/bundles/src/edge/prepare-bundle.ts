import { testDollarAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import { type Address, appErrorIn, type Hex, need } from "@sooth/kernel";
import { BaseError, bytesToBigInt } from "viem";
import { randomBytes } from "node:crypto";
import {
  approvals,
  type Bundle,
  bundleId,
  BundlesError,
  bundleToWire,
  bundleTypedData,
  checkBundle,
  type Leg,
  legFromWire,
  legHash,
  legsHashOf,
  PLEDGES,
  type WireBundleCall,
  type WirePrepareBundle,
  type WirePreparedBundle,
  WINDOW,
} from "../core/index.ts";
import { NOTHING_ATTESTED } from "./attested.ts";
import { bundleCalls } from "./calls/bundle-calls.ts";
import { bundleTerms } from "./contracts.ts";
import { chainsOf, type Deps } from "./deps.ts";
import { checkLanes } from "./lanes.ts";
import { quoteBundle } from "./quote/quote-bundle.ts";
import { timesOf } from "./quote/times-of.ts";
import { clocksOf } from "./read-bundle.ts";
import { NOTHING_SEEN, type StoredBundle } from "./rows/load-bundles.ts";
import { inJson } from "./typed-data.ts";

const MOST_FEE = (1n << 96n) - 1n;

export const hubOf = ({ hub, addresses }: Pick<Deps, "hub" | "addresses">) => ({
  chainId: hub.definition.id,
  hub: addresses.bundleHub,
});

/** What is asked for, as the contracts will see it. @throws those of {checkBundle}, bundles.no_such_chain, bundles.fee_too_large */
export async function draftBundle(
  deps: Deps,
  asked: WirePrepareBundle,
): Promise<{ bundle: Bundle; legs: Leg[]; fee: bigint | null }> {
  const legs = asked.legs.map(legFromWire);
  const fee = asked.fee === undefined ? null : BigInt(asked.fee);
  if (fee !== null && (fee > MOST_FEE || fee < 0n)) throw BundlesError.fee_too_large({ fee });
  const bundle: Bundle = {
    owner: asked.owner.toLowerCase() as Address,
    mode: asked.mode,
    legs: legs.length,
    deadline: asked.deadline,
    legsHash: legsHashOf(legs.map(legHash)),
    fee: fee ?? 0n,
    salt: asked.salt === undefined ? bytesToBigInt(randomBytes(8)) : BigInt.asUintN(64, BigInt(asked.salt)),
  };
  await checkAsked(deps, bundle, legs);
  return { bundle, legs, fee };
}

/** @throws those of {checkBundle}, bundles.no_such_chain, bundles.lane_rests, bundles.lane_full */
export async function checkAsked(deps: Deps, bundle: Bundle, legs: readonly Leg[]): Promise<void> {
  const known = chainsOf(deps).map(({ definition }) => definition.id);
  for (const [place, { chainId }] of legs.entries())
    if (!known.includes(chainId)) throw BundlesError.no_such_chain({ leg: place, chain: chainId, known });
  const [now, terms] = await Promise.all([deps.hub.now(), bundleTerms(deps.hub, deps.addresses)]);
  const most = Math.min(WINDOW.most, terms.longestWindow);
  checkBundle(bundle, legs, { now, window: { least: WINDOW.least, most } });
  await checkLanes(deps, legs);
}

/** Refuses what is over before attesters may speak: it would only be given back. @throws bundles.deadline_too_near */
export async function checkInTime(
  deps: Pick<Deps, "hub" | "rollups" | "config">,
  { mode, deadline, fee }: Pick<Bundle, "mode" | "deadline" | "fee">,
  legs: readonly Leg[],
  isPrivate: boolean,
): Promise<void> {
  const { least } = timesOf(deps, { mode, legs, fee, isPrivate });
  const earliest = (await deps.hub.now()) + least;
  if (deadline < earliest) throw BundlesError.deadline_too_near({ deadline, earliest, seconds: least });
}

/** The header to sign, and every call that leads to an open bundle. @throws those of {draftBundle}, bundles.deadline_too_near */
export async function prepareBundle(deps: Deps, asked: WirePrepareBundle): Promise<WirePreparedBundle> {
  const { bundle: draft, legs, fee } = await draftBundle(deps, asked);
  const isPrivate = asked.private ?? false;
  const quoted = fee ?? BigInt((await quoteBundle(deps, { ...draft, legs, fee, isPrivate })).fee);
  const bundle = { ...draft, fee: quoted };
  await checkInTime(deps, bundle, legs, isPrivate);
  const id = bundleId(hubOf(deps), bundle);
  const [clocks, terms, approvals] = await Promise.all([
    clocksOf(deps),
    bundleTerms(deps.hub, deps.addresses),
    approvalsFor(deps, legs),
  ]);
  const calls = bundleCalls({
    stored: { ...unopened(id, bundle, legs), isPrivate },
    // It is his who asks, and nothing of it is kept.
    isForOwner: true,
    around: { hubChainId: deps.hub.definition.id, clocks, terms, attested: NOTHING_ATTESTED },
    addresses: deps.addresses,
    payers: [],
    relayer: bundle.owner,
  });
  const [open, others] = [calls.filter(isOpening), calls.filter((call) => !isOpening(call))];
  return {
    id,
    bundle: bundleToWire(bundle),
    hashes: legs.map(legHash),
    typedData: inJson(bundleTypedData(hubOf(deps), bundle)),
    pledges: [...PLEDGES[bundle.mode]],
    calls: [...open, ...approvals, ...others],
  };
}

const isOpening = ({ what }: WireBundleCall): boolean => what === "open";

function unopened(id: Hex, bundle: Bundle, legs: readonly Leg[]): StoredBundle {
  const hashes = legs.map(legHash);
  return {
    id,
    bundle,
    fee: bundle.fee,
    opening: null,
    outcome: "none",
    decided: null,
    reclaimed: null,
    legs,
    hashes,
    isPrivate: false,
    signature: null,
    shares: [],
    shown: hashes.map((hash) => ({ ...NOTHING_SEEN, hash })),
  };
}

/** What payers of escrowed legs must let the escrow take first, where less is allowed. */
async function approvalsFor(deps: Deps, legs: readonly Leg[]): Promise<WireBundleCall[]> {
  const { escrow } = deps.addresses;
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const found = await Promise.all(
    approvals(legs, escrow).map(
      async ({ chainId, token, payer, amount, call }): Promise<WireBundleCall[]> => {
        const chain = need(chains.get(chainId), `chain ${chainId}`);
        return (await allowanceOf(chain, token, payer, escrow)) >= amount ? [] : [call];
      },
    ),
  );
  return found.flat();
}

/** Of what is no token nothing is allowed; its leg says so when it is tried. @throws chain.rpc_unreachable */
export async function allowanceOf(
  chain: Chain,
  token: Address,
  payer: Address,
  escrow: Address,
): Promise<bigint> {
  try {
    return await chain.client.readContract({
      address: token,
      abi: testDollarAbi,
      functionName: "allowance",
      args: [payer, escrow],
    });
  } catch (error) {
    if (error instanceof BaseError && !appErrorIn(error)) return 0n;
    throw error;
  }
}
