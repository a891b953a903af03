import { bundleHubAbi, testDollarAbi } from "@sooth/abi";
import { byteFees, feeOfBytes, signerOf } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import type { z } from "zod";
import {
  type Bundle,
  bundleFromWire,
  bundleId,
  BundlesError,
  bundleToWire,
  bundleTypedData,
  encodeLegs,
  escrowPartiesOf,
  type Leg,
  legFromWire,
  legHash,
  legsHashOf,
  openingCost,
  openingTakes,
  relayersPart,
  type WireBundle,
  type wireHandOverLegs,
  type wireLegHashes,
  type WireOpenBundle,
  type WirePayer,
  WINDOW,
} from "../core/index.ts";
import { ContractFunctionExecutionError, size } from "viem";
import { bundleTerms } from "./contracts.ts";
import { chainsOf, type Deps } from "./deps.ts";
import { feesWaiting, isHeld, isOpened, keepPayer, keepPayload } from "./payloads.ts";
import { checkAsked, checkInTime, hubOf } from "./prepare-bundle.ts";
import { bundleOr404 } from "./read-bundle.ts";
import { loadBundles } from "./rows/load-bundles.ts";

const headerIn = (header: WireBundle): Bundle => {
  const bundle = bundleFromWire(header);
  return { ...bundle, owner: bundle.owner.toLowerCase() as Address };
};

/** Of a key, or of a contract that says so itself. @throws bundles.bad_signature */
async function checkSigned(deps: Deps, bundle: Bundle, signer: Address, signature: Hex): Promise<void> {
  const typed = bundleTypedData(hubOf(deps), bundle);
  // A signature that cannot be read is none.
  const isSigned = await deps.hub.client
    .verifyTypedData({ ...typed, address: signer, signature })
    .catch(() => false);
  if (!isSigned) throw BundlesError.bad_signature({ signer });
}

/**
 * Takes a bundle that its owner signed: whoever relays opens it, and is paid from the owner's credit.
 * @throws those of {checkBundle}, bundles.no_such_chain, bundles.deadline_too_near, bundles.bad_signature, bundles.open_already, bundles.no_credit,
 *   bundles.payloads_full, bundles.owner_payloads_full
 */
export async function takeOpening(deps: Deps, asked: WireOpenBundle): Promise<{ id: Hex }> {
  const bundle = headerIn(asked.bundle);
  const legs = asked.legs.map(legFromWire);
  await checkAsked(deps, bundle, legs);
  await checkInTime(deps, bundle, legs, asked.private);
  const id = bundleId(hubOf(deps), bundle);
  const signature = asked.signature as Hex;
  await checkSigned(deps, bundle, bundle.owner, signature);
  const at = { address: deps.addresses.bundleHub, abi: bundleHubAbi } as const;
  const [word, credit, waiting, gas, bytes, { attesterBps }] = await Promise.all([
    deps.hub.client.readContract({ ...at, functionName: "wordOf", args: [id] }),
    deps.hub.client.readContract({ ...at, functionName: "creditOf", args: [bundle.owner] }),
    feesWaiting(deps.store.db, bundle.owner, id),
    deps.hub.client.getGasPrice(),
    byteFees(deps.hub.client),
    bundleTerms(deps.hub, deps.addresses),
  ]);
  if (word !== 0n) throw BundlesError.open_already({ bundle: id });
  const fee = bundle.fee + waiting;
  if (credit < fee) throw BundlesError.no_credit({ owner: bundle.owner, credit, fee });
  // What would not even pay whoever opens it waits here for nothing.
  const isOfKey = signerOf(id, signature) === bundle.owner;
  const shown = asked.private ? null : encodeLegs(legs);
  const takes = openingTakes(bundle, shown, { bytes: size(signature), isOfKey });
  const cost = openingCost(takes, { gas, ofBytes: (count) => feeOfBytes(bytes, count) });
  const isPaid = bundle.fee > 0n && relayersPart(bundle, attesterBps) >= cost;
  await keepPayload(deps, { id, bundle, legs, isPrivate: asked.private, signature, isPaid });
  return { id };
}

/**
 * Takes legs that an opening kept to itself, for relayers alone.
 * @throws bundles.other_id, bundles.wrong_legs, bundles.bad_window, bundles.payloads_full
 */
export async function takeLegs(
  deps: Deps,
  id: string,
  asked: z.infer<typeof wireHandOverLegs>,
): Promise<{ id: Hex }> {
  const bundle = headerIn(asked.bundle);
  const found = bundleId(hubOf(deps), bundle);
  if (found !== id.toLowerCase()) throw BundlesError.other_id({ wanted: id, found });
  const legs = asked.legs.map(legFromWire);
  const legsHash = legsHashOf(legs.map(legHash));
  if (legsHash !== bundle.legsHash || legs.length !== bundle.legs)
    throw BundlesError.wrong_legs({ wanted: bundle.legsHash, found: legsHash });
  // Whoever opened it has paid for that.
  const isPaid = await isOpened(deps.store.db, found);
  if (!isPaid) await checkForgotten(deps, found, bundle.deadline);
  await keepPayload(deps, { id: found, bundle, legs, isPrivate: true, signature: null, isPaid });
  return { id: found };
}

/**
 * What nobody opened is forgotten after its deadline, and anybody may hand it over: so that must come, and soon. After it only what
 * is held is of use to anybody, who brings it back. @throws bundles.bad_window
 */
async function checkForgotten(deps: Deps, id: Hex, deadline: number): Promise<void> {
  const [now, terms, held] = await Promise.all([
    deps.hub.now(),
    bundleTerms(deps.hub, deps.addresses),
    isHeld(deps.store.db, id),
  ]);
  const [earliest, latest] = [held ? 0 : now, now + Math.max(terms.longestWindow, WINDOW.most)];
  if (deadline < earliest || deadline > latest) throw BundlesError.bad_window({ deadline, earliest, latest });
}

/** What attesters need of a bundle whose legs are private. @throws bundles.unknown, bundles.legs_unknown */
export async function readHashes(
  deps: Pick<Deps, "store">,
  id: string,
): Promise<z.infer<typeof wireLegHashes>> {
  const { bundle, hashes } = await bundleOr404(deps, id);
  if (hashes === null) throw BundlesError.legs_unknown({ bundle: id });
  return { bundle: bundleToWire(bundle), hashes: [...hashes] };
}

/**
 * Lets whoever relays bring what an escrow holds for its payer.
 * @throws bundles.unknown, bundles.legs_unknown, bundles.no_such_leg, bundles.not_held, bundles.not_the_payer, bundles.bad_signature, bundles.bad_permit
 */
export async function takePayer(deps: Deps, id: string, asked: WirePayer): Promise<{ id: Hex }> {
  const [stored] = await loadBundles(deps.store.db, [id]);
  if (!stored) throw BundlesError.unknown({ bundle: id });
  const { bundle, legs } = stored;
  if (legs === null) throw BundlesError.legs_unknown({ bundle: id });
  const leg = legs[asked.leg];
  if (leg === undefined) throw BundlesError.no_such_leg({ leg: asked.leg, count: legs.length });
  const payer = payerOf(leg, bundle);
  if (payer === null) throw BundlesError.not_held({ leg: asked.leg });
  if (payer.toLowerCase() !== asked.payer.toLowerCase())
    throw BundlesError.not_the_payer({ leg: asked.leg, payer: asked.payer });
  const signature = asked.signature as Hex;
  await checkSigned(deps, bundle, payer, signature);
  const { permit } = asked;
  if (permit && leg.kind === "escrow") await checkPermit(deps, leg, payer, permit);
  await keepPayer(deps.store.db, stored.id, {
    place: asked.leg,
    payer,
    signature,
    permit: permit
      ? {
          value: BigInt(permit.value),
          deadline: BigInt(permit.deadline),
          v: permit.v,
          r: permit.r as Hex,
          s: permit.s as Hex,
        }
      : null,
  });
  return { id: stored.id };
}

/**
 * The newest permit counts, and a payer's signature over the id is for all to read: so rubbish must not take the place of a good
 * one. @throws bundles.no_such_chain, bundles.bad_permit
 */
async function checkPermit(
  deps: Deps,
  leg: Leg,
  payer: Address,
  { value, deadline, v, r, s }: NonNullable<WirePayer["permit"]>,
): Promise<void> {
  const known = chainsOf(deps);
  const chain = known.find(({ definition }) => definition.id === leg.chainId);
  if (!chain)
    throw BundlesError.no_such_chain({
      leg: 0,
      chain: leg.chainId,
      known: known.map(({ definition }) => definition.id),
    });
  try {
    await chain.client.simulateContract({
      address: leg.target,
      abi: testDollarAbi,
      functionName: "permit",
      args: [payer, deps.addresses.escrow, BigInt(value), BigInt(deadline), v, r as Hex, s as Hex],
    });
  } catch (cause) {
    if (!(cause instanceof ContractFunctionExecutionError)) throw cause;
    throw BundlesError.bad_permit({ token: leg.target, payer }, { cause });
  }
}

function payerOf(leg: Leg, bundle: Bundle): Address | null {
  if (leg.kind === "participant") return bundle.owner;
  return leg.kind === "escrow" ? (escrowPartiesOf(leg)?.payer ?? null) : null;
}
