import { t } from "@lingui/core/macro";
import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import {
  encodeLegs,
  expireUnopenedArgs,
  headerOf,
  type Hub,
  type Leg,
  type Permit,
  prepareData,
  takeBackArgs,
} from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { type Abi, decodeFunctionData, encodeFunctionData, type Hex } from "viem";
import { ApiError, type BundleCall } from "../../api.ts";
import { allLegs, type Checked } from "./checked-bundle.ts";

/** Where the contracts of bundles are; settler and escrow have one address on every chain. */
export type Contracts = { hub: Hub; settler: Hex; escrow: Hex };
export type Sent = { chainId: number; to: Hex; data: Hex; value: string };

const HUB = { abi: bundleHubAbi } as const;
const ESCROW = { abi: escrowAbi } as const;
const refused = () =>
  new ApiError({
    code: "web.other_call",
    message: t`The server offered a call that does something else than it says, so it was not sent.`,
    status: 0,
  });

/** Opens a bundle by its owner, with its fee. Legs that are private are kept out of the hub's log. */
export function openCall({ hub }: Contracts, { bundle, legs }: Checked, isPrivate: boolean): Sent {
  const shown = legs.every((leg) => leg !== null) && !isPrivate ? encodeLegs(legs) : "0x";
  const data = encodeFunctionData({ ...HUB, functionName: "open", args: [headerOf(bundle), shown] });
  return { chainId: hub.chainId, to: hub.hub, data, value: String(bundle.fee) };
}

/** Puts in what a leg holds. `consent` is its payer's signature; none where he sends it himself. @throws web.private_legs */
export function prepareCall(
  { escrow }: Contracts,
  checked: Checked,
  place: number,
  consent: Hex = "0x",
  permit?: Permit,
  isAcross = false,
): Sent {
  const { chainId } = legOf(checked, place);
  const data = prepareData({ ...checked, legs: allLegs(checked), place }, consent, permit, isAcross);
  return { chainId, to: escrow, data, value: "0" };
}

/**
 * A call that the server says can be sent now, as it is sent from here. What moves the sender's own tokens or decides over his bundle
 * is encoded anew from what was checked; what brings facts that attesters signed is the server's, and can do no other than it says:
 * it goes to that contract, calls that function, and carries that value.
 * @throws web.other_call, web.private_legs
 */
export function checkedCall(at: Contracts, checked: Checked, call: BundleCall, sender: Hex): Sent {
  const { hub } = at;
  const { bundle, id } = checked;
  const own = call.by !== null && sameAddress(call.by, bundle.owner);
  const atHub = (data: Hex): Sent => ({ chainId: hub.chainId, to: hub.hub, data, value: "0" });
  switch (call.what) {
    case "open":
      return own ? openCall(at, checked, false) : atHub(theirs(call, HUB.abi, ["openMany"]).data);
    case "prepare":
      return prepareAgain(at, checked, call);
    case "take_back": {
      const { chainId } = legOf(checked, placeOf(call));
      const args = takeBackArgs({ ...checked, legs: allLegs(checked), place: placeOf(call) });
      const data = encodeFunctionData({ ...ESCROW, functionName: "takeBack", args });
      return { chainId, to: at.escrow, data, value: "0" };
    }
    case "abort":
      if (!own) return atHub(theirs(call, HUB.abi, ["abortFailed"]).data);
      return atHub(encodeFunctionData({ ...HUB, functionName: "abort", args: [headerOf(bundle)] }));
    case "expire": {
      // One that nobody opened is written down by another call, which the hub lets anybody make.
      if (theirs(call, HUB.abi, ["expire", "expireUnopened"]).name === "expire")
        return atHub(encodeFunctionData({ ...HUB, functionName: "expire", args: [[id]] }));
      const shown = checked.legs.every((leg) => leg !== null) ? checked.legs : null;
      const args = expireUnopenedArgs(bundle, shown);
      return atHub(encodeFunctionData({ ...HUB, functionName: "expireUnopened", args }));
    }
    case "reclaim":
      return atHub(encodeFunctionData({ ...HUB, functionName: "reclaim", args: [headerOf(bundle)] }));
    case "commit":
      return atHub(theirs(call, HUB.abi, ["commitPrepared", "commitCompleted"]).data);
    case "settle":
      return atHub(theirs(call, HUB.abi, ["settle"]).data);
    case "run":
    case "compensate":
      return atLeg(checked, call, { to: at.settler, abi: settlerAbi, name: "run", sender });
    case "cancel":
      return atLeg(checked, call, { to: at.settler, abi: settlerAbi, name: "cancel", sender });
    case "finish":
      return atLeg(checked, call, { to: at.escrow, abi: escrowAbi, name: "finish", sender });
    // What the escrow may take is asked of the chain, and allowed by a call made here.
    case "approve":
      throw refused();
  }
}

type Theirs = { name: string; args: readonly unknown[]; data: Hex };

/** @throws web.other_call */
function theirs({ data }: BundleCall, abi: Abi, names: readonly string[]): Theirs {
  const found = decoded(abi, data as Hex);
  if (!found || !names.includes(found.name)) throw refused();
  return found;
}

function decoded(abi: Abi, data: Hex): Theirs | undefined {
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data });
    // Anew, so that nothing stands there that decoding passed over.
    return { name: functionName, args, data: encodeFunctionData({ abi, functionName, args: [...args] }) };
  } catch {
    return undefined;
  }
}

type LegDeed = { to: Hex; abi: Abi; name: string; sender: Hex };

/** What the leg carries goes with it, and not more; its share of the fee is the sender's, whose address stands last. */
function atLeg(checked: Checked, call: BundleCall, { to, abi, name, sender }: LegDeed): Sent {
  const { args } = theirs(call, abi, [name]);
  const leg = legOf(checked, placeOf(call));
  const runs = call.what === "run" || call.what === "compensate";
  const value = runs && (leg.kind === "shared" || leg.kind === "value") ? leg.value : 0n;
  const data = encodeFunctionData({ abi, functionName: name, args: [...args.slice(0, -1), sender] });
  return { chainId: leg.chainId, to, data, value: String(value) };
}

/** With the payer's signature, where he has given one: sent by somebody else it is nothing without it. */
function prepareAgain(at: Contracts, checked: Checked, call: BundleCall): Sent {
  // Whether its escrow wants to see the other legs is the server's word: either pays in the same.
  const { name, args } = theirs(call, ESCROW.abi, ["prepare", "prepareAcross"]);
  const [consent, permit] = args.slice(4, 6) as [Hex, Permit];
  const isAcross = name === "prepareAcross";
  return prepareCall(at, checked, placeOf(call), call.by === null ? consent : "0x", permit, isAcross);
}

function placeOf({ leg }: BundleCall): number {
  if (leg === null) throw refused();
  return leg;
}

function legOf({ legs }: Checked, place: number): Leg {
  const leg = legs[place];
  if (!leg) throw refused();
  return leg;
}
