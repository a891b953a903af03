import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import {
  abortFailedArgs,
  type Action,
  type BundleShown,
  cancelArgs,
  chainOf,
  commitCompletedArgs,
  commitPreparedArgs,
  compensates,
  encodeEvidence,
  encodeLegs,
  escrowPartiesOf,
  expireUnopenedArgs,
  type Fact,
  finishArgs,
  headerOf,
  legAt,
  MOST_FINISH_GAS,
  nextSteps,
  openManyArgs,
  type Place,
  placesOfAll,
  prepareData,
  runArgs,
  settleArgs,
  type SettlerItem,
  shownAt,
  stateOf,
  takeBackArgs,
  type WireBundleCall,
} from "../../core/index.ts";
import type { Around } from "../to-wire.ts";
import { isPublic } from "../to-wire.ts";
import type { Payer } from "../payloads.ts";
import type { StoredBundle } from "../rows/load-bundles.ts";
import { toShown } from "../rows/to-shown.ts";

/** Bundles are encoded for whoever asks: the share of the fee goes to the address that brings the legs. */
export type Calling = {
  stored: StoredBundle;
  around: Around;
  addresses: Addresses;
  payers: readonly Payer[];
  /** Who would be owed for legs that are brought. */
  relayer: Address;
  /** Whether nobody but the owner will see them: private legs stand in them then. */
  isForOwner?: boolean;
};

/**
 * What can be sent now, whole: by anybody, by the owner, or by who pays a leg. Steps that want facts stand here when a batch that
 * proves them is at hand. Legs that are private are in none of them.
 */
export function bundleCalls(calling: Calling): WireBundleCall[] {
  const { stored, around } = calling;
  const view = toShown(stored, around.hubChainId, around.clocks);
  const own = ownersCalls(calling, view);
  if (stored.legs === null) return [...own, ...lateCalls(calling, view)];
  const { act } = nextSteps(view, around.attested.has, around.terms);
  return [
    ...own,
    ...unopenedPrepares(calling, view),
    ...act.flatMap((action) => callOf(calling, view, action) ?? []),
  ];
}

const HUB = { abi: bundleHubAbi } as const;
const ESCROW = { abi: escrowAbi } as const;

const atHub = (
  { around, addresses }: Calling,
  call: Pick<WireBundleCall, "what" | "by"> & { data: Hex; value?: bigint },
): WireBundleCall => ({
  leg: null,
  chainId: around.hubChainId,
  to: addresses.bundleHub,
  ...call,
  value: String(call.value ?? 0n),
});

function ownersCalls(calling: Calling, view: BundleShown): WireBundleCall[] {
  const { stored, around } = calling;
  const { bundle, outcome, fee, shares, reclaimed } = stored;
  const by = bundle.owner;
  const late = view.hub.now > bundle.deadline;
  if (outcome === "none") return late || view.hub.paused || view.hub.now === 0 ? [] : [openCall(calling)];
  if (outcome === "open") {
    if (bundle.mode === "escrowed" && late) return [];
    const data = encodeFunctionData({ ...HUB, functionName: "abort", args: [headerOf(bundle)] });
    return [atHub(calling, { what: "abort", by, data })];
  }
  const isLeft = reclaimed === null && shares.length < bundle.legs && fee > 0n;
  if (!isLeft || view.hub.now <= bundle.deadline + around.terms.reclaim) return [];
  const data = encodeFunctionData({ ...HUB, functionName: "reclaim", args: [headerOf(bundle)] });
  return [atHub(calling, { what: "reclaim", by: null, data })];
}

/** By anybody with the owner's signature, whose credit pays; else by the owner, with the fee. */
function openCall(calling: Calling): WireBundleCall {
  const { bundle, legs, isPrivate, signature } = calling.stored;
  const logged = isPrivate ? null : legs;
  if (signature !== null) {
    const args = [openManyArgs([{ bundle, signature, legs: logged }])] as const;
    return atHub(calling, {
      what: "open",
      by: null,
      data: encodeFunctionData({ ...HUB, functionName: "openMany", args }),
    });
  }
  const args = [headerOf(bundle), logged === null ? "0x" : encodeLegs(logged)] as const;
  const data = encodeFunctionData({ ...HUB, functionName: "open", args });
  return atHub(calling, { what: "open", by: bundle.owner, data, value: bundle.fee });
}

/** Without its legs a bundle that nobody decided still ends. */
function lateCalls(calling: Calling, view: BundleShown): WireBundleCall[] {
  const { bundle, outcome } = calling.stored;
  const from = bundle.deadline + (bundle.mode === "ordered" ? calling.around.terms.grace : 0);
  return outcome === "open" && view.hub.now > from ? [expireCall(calling)] : [];
}

const expireCall = (calling: Calling): WireBundleCall => {
  const data = encodeFunctionData({ ...HUB, functionName: "expire", args: [[calling.stored.id]] });
  return atHub(calling, { what: "expire", by: null, data });
};

/** Private legs stay so: whoever attests asks here for their hashes. */
function unopenedCall(calling: Calling, view: BundleShown): WireBundleCall {
  const isAllShown = placesOfAll(view).every((place) => isShown(calling, place));
  const args = expireUnopenedArgs(view.bundle, isAllShown ? view.legs : null);
  const data = encodeFunctionData({ ...HUB, functionName: "expireUnopened", args });
  return atHub(calling, { what: "expire", by: null, data });
}

/** An escrow takes legs before the hub knows of their bundle. */
function unopenedPrepares(calling: Calling, view: BundleShown): WireBundleCall[] {
  if (view.bundle.mode !== "escrowed" || view.hub.outcome !== "none") return [];
  return placesOfAll(view).flatMap((place) => {
    const clock = need(view.chains.get(legAt(view, place).chainId), "its clock");
    const isOpen = stateOf(view, place) === "none" && !clock.paused && clock.now <= view.bundle.deadline;
    return isOpen ? (prepareCall(calling, view, place) ?? []) : [];
  });
}

function prepareCall(calling: Calling, view: BundleShown, place: Place): WireBundleCall | null {
  if (!isShown(calling, place)) return null;
  const leg = legAt(view, place);
  const payer = escrowPartiesOf(leg)?.payer ?? view.bundle.owner;
  const signed = calling.payers.find((one) => one.place === place);
  const ownerSigned = payer === view.bundle.owner && calling.stored.signature !== null;
  const consent = signed?.signature ?? (ownerSigned ? calling.stored.signature : null);
  const isAcross = chainOf(view, place).lanes === true;
  // Where they must be shown, nobody may pay in by a call that everybody sees as long as some are private.
  if (isAcross && !placesOfAll(view).every((each) => isShown(calling, each))) return null;
  return {
    what: "prepare",
    leg: place,
    by: consent === null ? payer : null,
    chainId: leg.chainId,
    to: calling.addresses.escrow,
    data: prepareData({ ...view, place }, consent ?? "0x", signed?.permit ?? undefined, isAcross),
    value: "0",
  };
}

const isShown = ({ stored, isForOwner }: Calling, place: Place): boolean =>
  isForOwner === true || isPublic(stored, need(stored.shown[place], `leg ${place}`));

function callOf(calling: Calling, view: BundleShown, action: Action): WireBundleCall | null {
  const leg = "leg" in action ? action.leg : null;
  // A compensation that the hub must be shown is shown by its words; so it stays private as long as it has not run.
  const isHidden =
    leg === null ? action.do === "commit" && hidesCompensation(calling, view) : !isShown(calling, leg);
  if (isHidden) return null;
  switch (action.do) {
    case "run":
    case "compensate":
    case "cancel":
      return settlerCall(calling, view, { do: action.do, leg: action.leg, facts: action.facts });
    case "finish":
      return finishCall(calling, view, action.leg, action.facts);
    case "prepare":
      return prepareCall(calling, view, action.leg);
    case "take_back": {
      const data = encodeFunctionData({
        ...ESCROW,
        functionName: "takeBack",
        args: takeBackArgs({ ...view, place: action.leg }),
      });
      return { ...atEscrow(calling, view, action.leg), what: "take_back", data };
    }
    case "abort":
      if (action.why === "unopened") return unopenedCall(calling, view);
      return action.why === "late" ? expireCall(calling) : abortFailedCall(calling, view, action.facts);
    case "commit":
      return commitCall(calling, view, action.facts);
    case "settle":
      return settleCall(calling, view, action.facts);
  }
}

const hidesCompensation = (calling: Calling, view: BundleShown): boolean =>
  placesOfAll(view).some((place) => compensates(legAt(view, place)) && !isShown(calling, place));

/** What proves these facts in this order; null while no such batch is at hand. */
function evidenceOf({ around }: Calling, facts: readonly Fact[]): Hex | null {
  const batch = around.attested.batchOf(facts);
  return batch === null ? null : encodeEvidence(batch);
}

type LegAction = { do: "run" | "compensate" | "cancel"; leg: Place; facts: Fact[] };

function settlerCall(calling: Calling, view: BundleShown, action: LegAction): WireBundleCall | null {
  const { id, bundle, legs } = view;
  const item: SettlerItem = {
    id,
    bundle,
    legs,
    base: need(view.hub.base, "the first ordinal"),
    place: action.leg,
    facts: action.facts,
  };
  const { relayer, addresses } = calling;
  const leg = legAt(view, action.leg);
  const at = { leg: action.leg, by: null, chainId: leg.chainId, to: addresses.settler } as const;
  if (action.do === "cancel") {
    const args = cancelArgs([item], relayer);
    const evidence = evidenceOf(calling, args.facts);
    if (evidence === null) return null;
    const data = encodeFunctionData({
      abi: settlerAbi,
      functionName: "cancel",
      args: [args.legs, args.receipts, args.decisions, evidence, relayer],
    });
    return { ...at, what: "cancel", data, value: "0" };
  }
  const args = runArgs([item], relayer, (ordinal) => {
    const place = Number(ordinal - item.base);
    return calling.stored.shown[place]?.returned ?? "0x";
  });
  const evidence = evidenceOf(calling, args.facts);
  if (evidence === null) return null;
  const data = encodeFunctionData({
    abi: settlerAbi,
    functionName: "run",
    args: [args.legs, args.receipts, args.decisions, evidence, relayer],
  });
  const value = leg.kind === "account" ? 0n : leg.value;
  return { ...at, what: action.do, data, value: String(value) };
}

const atEscrow = ({ addresses }: Calling, view: BundleShown, place: Place) =>
  ({
    leg: place,
    by: null,
    chainId: legAt(view, place).chainId,
    to: addresses.escrow,
    value: "0",
  }) as const;

function finishCall(
  calling: Calling,
  view: BundleShown,
  place: Place,
  facts: readonly Fact[],
): WireBundleCall | null {
  // One that failed before wants more gas than its leg states.
  const gas = shownAt(view, place).failures > 0 ? MOST_FINISH_GAS : 0;
  const args = finishArgs([{ id: view.id, legs: view.legs, place, facts, gas }], calling.relayer);
  const evidence = evidenceOf(calling, args.facts);
  if (evidence === null) return null;
  const data = encodeFunctionData({
    ...ESCROW,
    functionName: "finish",
    args: [args.legs, args.decisions, evidence, calling.relayer],
  });
  return { ...atEscrow(calling, view, place), what: "finish", data };
}

const receiptsItem = (view: BundleShown, facts: readonly Fact[]) => ({
  id: view.id,
  bundle: view.bundle,
  legs: view.legs,
  hashes: view.hashes,
  base: need(view.hub.base, "the first ordinal"),
  facts,
});

function commitCall(calling: Calling, view: BundleShown, facts: readonly Fact[]): WireBundleCall | null {
  if (view.bundle.mode === "escrowed") {
    const args = commitPreparedArgs([view.id]);
    const evidence = evidenceOf(calling, args.facts);
    if (evidence === null) return null;
    const data = encodeFunctionData({ ...HUB, functionName: "commitPrepared", args: [args.ids, evidence] });
    return atHub(calling, { what: "commit", by: null, data });
  }
  const args = commitCompletedArgs([receiptsItem(view, facts)]);
  const evidence = evidenceOf(calling, args.facts);
  if (evidence === null) return null;
  const data = encodeFunctionData({
    ...HUB,
    functionName: "commitCompleted",
    args: [args.completions, evidence],
  });
  return atHub(calling, { what: "commit", by: null, data });
}

function abortFailedCall(calling: Calling, view: BundleShown, facts: readonly Fact[]): WireBundleCall | null {
  const args = abortFailedArgs([receiptsItem(view, facts)]);
  const evidence = evidenceOf(calling, args.facts);
  if (evidence === null) return null;
  const data = encodeFunctionData({ ...HUB, functionName: "abortFailed", args: [args.failures, evidence] });
  return atHub(calling, { what: "abort", by: null, data });
}

function settleCall(calling: Calling, view: BundleShown, facts: readonly Fact[]): WireBundleCall | null {
  if (facts.length === 0) return null;
  const args = settleArgs([receiptsItem(view, facts)]);
  const evidence = evidenceOf(calling, args.facts);
  if (evidence === null) return null;
  const data = encodeFunctionData({ ...HUB, functionName: "settle", args: [args.settlements, evidence] });
  return atHub(calling, { what: "settle", by: null, data });
}
