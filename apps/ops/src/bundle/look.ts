import { bundleHubAbi, escrowAbi } from "@sooth/abi";
import { callsWithEvidence, evidenceFrom, type Missing } from "@sooth/bundles";
import {
  bundleFromWire,
  bundleId,
  encodeLegs,
  type Leg,
  legFromWire,
  legHash,
  legsHashOf,
  headerOf,
  type Permit,
  prepareData,
  type WireBundleCall,
  wireBundleDetail,
  type WireBundleDetail,
} from "@sooth/bundles/core";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { BaseError, decodeFunctionData, encodeFunctionData } from "viem";
import { OpsError } from "../ops-error.ts";
import { readLegs } from "./legs-file.ts";
import type { Server } from "./network.ts";

/** What is known of a bundle: what the server says of it as far as its id bears it out, and what can be sent now. */
export type Seen = {
  detail: WireBundleDetail;
  /** Null where they are private and no file has them. */
  legs: readonly Leg[] | null;
  calls: readonly WireBundleCall[];
  missing: readonly Missing[];
};

/** Where nobody would be owed for what is brought. */
export const NOBODY: Address = `0x${"00".repeat(20)}`;
const ASK_MS = 30_000;

/** @throws ops.other_bundle where the server's header or legs are not those that the id is made of */
export async function detailOf({ api, hub }: Server, which: string): Promise<WireBundleDetail> {
  const detail = await api.get(`/v1/bundles/${which}`, wireBundleDetail);
  const differs = [
    ...(detail.id === which ? [] : ["id"]),
    ...(detail.chainId === hub.chainId ? [] : ["hub"]),
    ...(detail.bundle && bundleId(hub, bundleFromWire(detail.bundle)) !== which ? ["header"] : []),
    ...(detail.bundle && !sameAddress(detail.bundle.owner, detail.owner) ? ["owner"] : []),
    ...(isOfHeader(detail) ? [] : ["legs"]),
  ];
  if (differs.length > 0) throw OpsError.other_bundle({ differs: differs.join(", ") });
  return detail;
}

const shownLegs = ({ shown }: WireBundleDetail): Leg[] =>
  shown.flatMap(({ leg }) => (leg ? [legFromWire(leg)] : []));

/** Legs of which some are private can not be held against the header; they are not acted on either. */
function isOfHeader(detail: WireBundleDetail): boolean {
  const legs = shownLegs(detail);
  if (detail.bundle === null || legs.length < detail.legs) return true;
  return legsHashOf(legs.map(legHash)) === detail.bundle.legsHash;
}

/**
 * What can be sent for a bundle now. Every call is put together here; of the server's only signatures are taken, for the
 * contracts to judge.
 * @param relayer who is owed for the legs that are brought
 * @throws ops.other_bundle, ops.unreadable, bundles.wrong_legs
 */
export async function lookAt(
  server: Server,
  which: string,
  legsFile: string | undefined,
  relayer: Address,
): Promise<Seen> {
  const { addresses, url } = server;
  const detail = await detailOf(server, which);
  const own =
    legsFile === undefined ? undefined : (await readLegs(legsFile, detail.owner, 0)).legs.map(legFromWire);
  const known = { detail, addresses, ...(own && { legs: own }) };
  const found = await callsWithEvidence(known, evidenceFrom(url), relayer, AbortSignal.timeout(ASK_MS));
  const all = shownLegs(detail);
  const legs = own ?? (all.length === detail.legs ? all : null);
  // Without its header nothing but its id is certain: by that alone it still ends.
  const calls = detail.bundle ? found.calls : found.calls.filter(({ what }) => what === "expire");
  const signed = detail.calls.flatMap((call) => signedCall(server, detail, legs, call) ?? []);
  const others = signed.filter((call) => !calls.some((one) => keyOf(one) === keyOf(call)));
  return {
    detail,
    legs,
    calls: [...calls.map((call) => signed.find((one) => keyOf(one) === keyOf(call)) ?? call), ...others],
    missing: found.missing,
  };
}

/** A step of a leg. */
export const keyOf = ({ what, leg, chainId }: WireBundleCall): string => `${what} ${leg} ${chainId}`;

/** The opening or payment that anybody may send because its owner or payer signed it, which the server alone knows. */
function signedCall(
  { addresses, hub }: Server,
  { bundle: header, shown }: WireBundleDetail,
  legs: readonly Leg[] | null,
  { what, leg, by, data }: WireBundleCall,
): WireBundleCall | null {
  if (by !== null || header === null) return null;
  const bundle = bundleFromWire(header);
  try {
    if (what === "open") {
      const { functionName, args } = decodeFunctionData({ abi: bundleHubAbi, data: data as Hex });
      const opening = functionName === "openMany" ? args[0][0] : undefined;
      if (!opening) return null;
      const isLogged = legs !== null && shown.every((one) => one.leg !== null);
      const { signature } = opening;
      const own = {
        bundle: headerOf(bundle),
        signature,
        legs: isLogged ? encodeLegs(legs) : ("0x" as const),
      };
      const call = encodeFunctionData({ abi: bundleHubAbi, functionName, args: [[own]] });
      return { what, leg, by, chainId: hub.chainId, to: addresses.bundleHub, data: call, value: "0" };
    }
    const held = leg === null ? undefined : legs?.[leg];
    if (what !== "prepare" || legs === null || leg === null || !held) return null;
    const { functionName, args } = decodeFunctionData({ abi: escrowAbi, data: data as Hex });
    if (functionName !== "prepare" && functionName !== "prepareAcross") return null;
    const [, , , , consent, permit] = args;
    if (consent === "0x") return null;
    const item = { bundle, legs, hashes: legs.map(legHash), place: leg };
    const isAcross = functionName === "prepareAcross";
    const call = prepareData(item, consent, permit satisfies Permit, isAcross);
    return { what, leg, by, chainId: held.chainId, to: addresses.escrow, data: call, value: "0" };
  } catch (error) {
    // What is no call of ours is none that is sent.
    if (error instanceof BaseError) return null;
    throw error;
  }
}
