import type { Addresses } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import {
  type AttestedBatch,
  bundleFromWire,
  BundlesError,
  type BundleShown,
  type Fact,
  factTree,
  type Leg,
  legFromWire,
  legHash,
  legsHashOf,
  NO_RESULT,
  NOBODY,
  nextSteps,
  type WireBundleCall,
  type WireBundleDetail,
} from "../../core/index.ts";
import type { Attested } from "../attested.ts";
import type { Evidence } from "../relay/ports.ts";
import type { StoredBundle } from "../rows/load-bundles.ts";
import { NOTHING_SEEN } from "../rows/load-bundles.ts";
import { toShown } from "../rows/to-shown.ts";
import type { Around } from "../to-wire.ts";
import { bundleCalls } from "./bundle-calls.ts";

/** What somebody who asked the API knows of a bundle, and the legs that he knows himself where they are private. */
export type Known = { detail: WireBundleDetail; legs?: readonly Leg[]; addresses: Addresses };

/** Steps that want facts which attesters have not said, and why. */
export type Missing = { facts: readonly Fact[]; chainId: number; why: string };

/**
 * Everything that can be sent for a bundle now: attesters are asked for what the chains show already.
 * @param relayer who is owed for the legs that are brought
 * @throws bundles.wrong_legs
 */
export async function callsWithEvidence(
  known: Known,
  evidence: Evidence,
  relayer: Address,
  signal: AbortSignal,
): Promise<{ calls: WireBundleCall[]; missing: Missing[] }> {
  const { stored, around } = readDetail(known);
  const wanted = new Map<Hex, readonly Fact[]>();
  const calling = { stored, addresses: known.addresses, payers: [], relayer, isForOwner: true };
  const all: Attested = {
    has: () => true,
    batchOf: (facts) => {
      wanted.set(factTree(facts).root, facts);
      return null;
    },
    shown: [],
  };
  bundleCalls({ ...calling, around: { ...around, attested: all } });
  const batches = new Map<Hex, AttestedBatch>();
  const missing: Missing[] = [];
  const view = toShown(stored, around.hubChainId, around.clocks);
  for (const [root, facts] of wanted) {
    const chainId = destinationOf(view, facts, around.hubChainId);
    const found = await evidence.ask(facts, chainId, signal);
    if ("batch" in found) batches.set(root, found.batch);
    else missing.push({ facts: found.missing.length > 0 ? found.missing : facts, chainId, why: found.why });
  }
  const attested: Attested = {
    has: () => true,
    batchOf: (facts) => batches.get(factTree(facts).root) ?? null,
    shown: [],
  };
  return { calls: bundleCalls({ ...calling, around: { ...around, attested } }), missing };
}

/** Where a batch of exactly these facts is wanted: on the chain of the leg whose step names them, else at the hub. */
function destinationOf(view: BundleShown, facts: readonly Fact[], hub: number): number {
  for (const action of nextSteps(view, () => true).act) {
    if (!("leg" in action) || action.facts.length !== facts.length) continue;
    if (sameSet(action.facts, facts)) return view.legs[action.leg]?.chainId ?? hub;
  }
  return hub;
}

const sameSet = (some: readonly Fact[], others: readonly Fact[]): boolean =>
  some.every((fact) => others.some((one) => factTree([one]).root === factTree([fact]).root));

/** The rows that the API's answer was made of, as far as it tells them. @throws bundles.wrong_legs */
function readDetail({ detail, legs: own }: Known): {
  stored: StoredBundle;
  around: Omit<Around, "attested">;
} {
  const shownLegs = detail.shown.flatMap(({ leg }) => (leg ? [legFromWire(leg)] : []));
  const legs = own ?? (shownLegs.length === detail.legs ? shownLegs : null);
  const hashes = legs?.map(legHash) ?? null;
  const bundle = bundleFromWire(
    detail.bundle ?? { ...detail, legsHash: NO_RESULT, salt: "0", owner: detail.owner },
  );
  if (hashes && detail.bundle && legsHashOf(hashes) !== bundle.legsHash)
    throw BundlesError.wrong_legs({ wanted: bundle.legsHash, found: legsHashOf(hashes) });
  const stored: StoredBundle = {
    id: detail.id as Hex,
    bundle,
    fee: BigInt(detail.fee),
    opening:
      detail.base === null
        ? null
        : {
            chainId: detail.chainId,
            base: BigInt(detail.base),
            at: detail.openedAt ?? 0,
            transaction: (detail.openedIn ?? NO_RESULT) as Hex,
            block: 0,
            log: 0,
          },
    outcome: detail.outcome,
    decided: null,
    // What is left decides whether anything is to be paid or reclaimed.
    reclaimed: BigInt(detail.fees.left) === 0n ? 0n : null,
    legs,
    hashes,
    isPrivate: shownLegs.length < detail.legs,
    signature: null,
    shares: [],
    shown: detail.shown.map((leg) => ({
      ...NOTHING_SEEN,
      state: leg.state,
      failures: leg.failures,
      chainId: leg.chainId,
      hash: leg.hash as Hex | null,
      result: (leg.result ?? NO_RESULT) as Hex,
      relayer: (leg.relayer ?? NOBODY) as Address,
      returned: leg.returned as Hex | null,
    })),
  };
  const { deadline } = bundle;
  const { times, clocks } = detail;
  const grace = times.abortable - deadline;
  return {
    stored,
    around: {
      hubChainId: detail.chainId,
      clocks: new Map(
        clocks.map(({ chainId, now, paused, reachable, lanes = false }) => {
          const until = paused ? now + 1 : 0;
          return [
            chainId,
            { chainId, now, reachable, lanes, pausedUntil: { hub: until, settler: until, escrow: until } },
          ];
        }),
      ),
      terms: {
        grace,
        escape: times.escape - deadline,
        reclaim: times.reclaimable - deadline,
        longestWindow: 0,
        attesterBps: 0,
      },
    },
  };
}
