import { bundleHubAbi, testDollarAbi } from "@sooth/abi";
import { type Address, need } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { escrowPartiesOf } from "../check.ts";
import { legHash } from "../hashes.ts";
import { encodeLegs } from "../payload.ts";
import type { Bundle, Hub, Leg, Place } from "../types.ts";
import type { WireBundleCall } from "../wire-shown.ts";
import { prepareData } from "./escrow.ts";
import { headerOf } from "./hub.ts";

/** A bundle that its owner put together, and whether its opening keeps the legs to itself. */
export type Draft = { bundle: Bundle; legs: readonly Leg[]; isPrivate: boolean };

/**
 * Everything that is sent before a bundle can run, as whoever has the legs works it out himself: its owner opens it and pays the
 * fee, payers let the escrow take exactly what they pay, and pay in. In this order.
 */
export const openingCalls = (hub: Hub, escrow: Address, draft: Draft): WireBundleCall[] => [
  openingCall(hub, draft),
  ...approvals(draft.legs, escrow).map(({ call }) => call),
  ...prepareCalls(escrow, draft),
];

export function openingCall({ chainId, hub }: Hub, { bundle, legs, isPrivate }: Draft): WireBundleCall {
  const data = encodeFunctionData({
    abi: bundleHubAbi,
    functionName: "open",
    args: [headerOf(bundle), isPrivate ? "0x" : encodeLegs(legs)],
  });
  return { what: "open", leg: null, by: bundle.owner, chainId, to: hub, data, value: String(bundle.fee) };
}

/** What a payer must let the escrow take of a token for all of his legs. `call` allows that much and no more. */
export type Approval = {
  payer: Address;
  token: Address;
  chainId: number;
  amount: bigint;
  call: WireBundleCall;
};

/** One a payer and token of a chain, in the order of their first legs. */
export function approvals(legs: readonly Leg[], escrow: Address): Approval[] {
  const sums = new Map<string, Omit<Approval, "call"> & { leg: Place }>();
  for (const [leg, { kind, chainId, target, value, data }] of legs.entries()) {
    const parties = kind === "escrow" ? escrowPartiesOf({ data }) : null;
    if (!parties) continue;
    const { payer } = parties;
    const key = `${chainId} ${target} ${payer}`.toLowerCase();
    const before = sums.get(key) ?? { payer, token: target, chainId, amount: 0n, leg };
    sums.set(key, { ...before, amount: before.amount + value });
  }
  return [...sums.values()].map(({ leg, ...sum }) => {
    const args = [escrow, sum.amount] as const;
    const data = encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args });
    const { payer: by, token: to, chainId } = sum;
    return { ...sum, call: { what: "approve", leg, by, chainId, to, data, value: "0" } };
  });
}

/**
 * Of every leg that is held, by who pays it; a participant's by the owner.
 * @param isAcross whether the escrow of a chain wants the other legs shown
 */
export function prepareCalls(
  escrow: Address,
  { bundle, legs }: Pick<Draft, "bundle" | "legs">,
  isAcross: (chainId: number) => boolean = () => false,
): WireBundleCall[] {
  const hashes = legs.map(legHash);
  return [...legs.keys()].flatMap((place) => {
    const leg = need(legs[place], `leg ${place}`);
    if (leg.kind !== "escrow" && leg.kind !== "participant") return [];
    const by = leg.kind === "escrow" ? (escrowPartiesOf(leg)?.payer ?? bundle.owner) : bundle.owner;
    const data = prepareData({ bundle, legs, hashes, place }, "0x", undefined, isAcross(leg.chainId));
    return { what: "prepare", leg: place, by, chainId: leg.chainId, to: escrow, data, value: "0" };
  });
}

/**
 * The same calls, and of each payment the one that shows the other legs where the server says that its escrow wants it: that much is
 * its word, for either pays in the same.
 */
export function asToldAcross(
  own: readonly WireBundleCall[],
  escrow: Address,
  draft: Pick<Draft, "bundle" | "legs">,
  told: readonly WireBundleCall[],
): WireBundleCall[] {
  const across = prepareCalls(escrow, draft, () => true);
  return own.map((call) => {
    const shown = call.what === "prepare" ? across.find(({ leg }) => leg === call.leg) : undefined;
    return shown && told.some((one) => sameCall(one, shown)) ? shown : call;
  });
}

/** Whether both send the same; an address is the same in any case of its letters. */
export const sameCall = (some: WireBundleCall, other: WireBundleCall): boolean =>
  textOf(some) === textOf(other);

const textOf = ({ what, leg, chainId, to, data, value }: WireBundleCall): string =>
  JSON.stringify([what, leg, chainId, to, data, value]).toLowerCase();
