import { type Hex, sameAddress } from "@sooth/kernel";
import { keccak256, size } from "viem";
import { NO_RESULT } from "../facts.ts";
import { filled } from "../fill.ts";
import { compensates, type Leg, MOST_RESULT, type Place, type Settled } from "../types.ts";
import { checkAttested } from "./attested.ts";
import {
  type BundleCase,
  type Decision,
  type Ended,
  eventsOf,
  note,
  placesOf,
  sentFor,
  tellUnread,
} from "./case.ts";
import type { BundleLogOf } from "./bundle-log.ts";
import { type BroughtLeg, type SettlerCall, settlerCall } from "./read-calls.ts";

/** The one receipt of each leg, or undefined. A second one is found, whoever wrote it, and counts for nothing. */
export function receiptsOf(all: BundleCase): (Ended | undefined)[] {
  const own = all.bundle.mode === "ordered" ? "settler" : "escrow";
  const ended: (Ended | undefined)[] = placesOf(all).map(() => undefined);
  for (const log of [...eventsOf(all, "settler", "Receipt"), ...eventsOf(all, "escrow", "Receipt")]) {
    const place = placeAt(all, log.args.ordinal);
    if (place === null) continue;
    const said = note(all, log);
    const { result, relayer } = log.args;
    const status = STATUSES[log.args.status];
    const wanted = all.legs[place]?.chainId;
    if (log.contract !== own)
      said.differ(`the ${log.contract} gave leg ${place} of an ${all.bundle.mode} bundle a receipt`);
    else if (wanted !== undefined && wanted !== log.chainId)
      said.differ(`leg ${place} is of chain ${wanted}, its receipt is of chain ${log.chainId}`);
    else if (ended[place]) said.differ(`leg ${place} has a receipt already: ${ended[place].status}`);
    else if (status === undefined) said.differ(`leg ${place} has a receipt that says nothing`);
    else ended[place] = { log, status, result, relayer };
  }
  return ended;
}

const STATUSES: readonly (Settled | undefined)[] = [undefined, "ok", "failed", "cancelled", "missed"];

export function placeAt({ base, bundle }: BundleCase, ordinal: bigint): Place | null {
  return ordinal >= base && ordinal < base + BigInt(bundle.legs) ? Number(ordinal - base) : null;
}

type Receipts = readonly (Ended | undefined)[];

/** What each leg returned, hashed; undefined while nothing is known. */
export function checkReturned(all: BundleCase, ended: Receipts): (Hex | undefined)[] {
  const logged = new Map<Place, BundleLogOf<"settler", "Returned">>();
  for (const log of eventsOf(all, "settler", "Returned")) {
    const place = placeAt(all, log.args.ordinal);
    // An attempt that was undone logged nothing that stands, so of what stands there is one.
    if (place !== null && ended[place]?.log.chainId === log.chainId) logged.set(place, log);
  }
  return ended.map((end, place) => {
    if (!end || all.bundle.mode !== "ordered") return undefined;
    const said = note(all, end.log);
    const ran = end.status === "ok" || end.status === "failed";
    const data = logged.get(place)?.args.data;
    if (end.result === NO_RESULT) {
      if (end.status === "ok") said.differ(`leg ${place} ran well, and its receipt has no result`);
      if (data !== undefined)
        said.differ(`leg ${place} returned something, and its receipt says that it did not run`);
      return undefined;
    }
    if (!ran) said.differ(`leg ${place} was ${end.status}, and its receipt has a result`);
    const returned = data ?? "0x";
    if (size(returned) > MOST_RESULT) said.differ(`leg ${place} returned ${size(returned)} bytes`);
    said.compare(
      `leg ${place}, hash of the ${size(returned)} bytes it returned`,
      keccak256(returned),
      end.result,
    );
    return returned;
  });
}

/** Legs of an ordered bundle, each as it was brought. */
export function checkOrdered(all: BundleCase, ended: Receipts, decision: Decision | null): void {
  const returned = checkReturned(all, ended);
  for (const [place, end] of ended.entries()) {
    if (!end) continue;
    const call = settlerCall(sentFor(all, end.log), all.domain.addresses);
    const brought = call?.legs.find(({ opened }) => opened.base === all.base && opened.index === place);
    if (call && brought) checkBrought(all, { place, end, call, brought, ended, decision });
    else tellUnread(all, end.log, `leg ${place} was brought`);
    checkEnd(all, { place, end, ended, returned, decision });
  }
}

type Brought = {
  place: Place;
  end: Ended;
  call: SettlerCall;
  brought: BroughtLeg;
  ended: Receipts;
  decision: Decision | null;
};

function checkBrought(all: BundleCase, { place, end, call, brought, ended, decision }: Brought): void {
  const said = note(all, end.log);
  const { opened } = brought;
  const wanted = all.hashes[place] ?? opened.leg;
  if (opened.leg !== wanted) said.differ(`leg ${place}: it hashes to ${wanted}, brought was ${opened.leg}`);
  else said.tell(`leg ${place} was brought as its owner signed it: ${wanted}`);
  if (!sameAddress(opened.owner, all.bundle.owner) || opened.deadline !== all.bundle.deadline)
    said.differ(`leg ${place} was brought with another owner or deadline than the header's`);
  if (!sameAddress(call.relayer, end.relayer))
    said.differ(`leg ${place} was brought by ${call.relayer}, its receipt names ${end.relayer}`);
  const runs = end.status === "ok" || end.status === "failed";
  if (runs !== (call.does === "run"))
    said.differ(`leg ${place} was to be ${call.does === "run" ? "run" : "cancelled"}, and is ${end.status}`);
  for (const receipt of call.receipts) {
    const other = placeAt(all, receipt.ordinal);
    const logged = other === null ? undefined : ended[other];
    if (other === null) continue;
    if (!logged)
      said.differ(`leg ${place} was brought with a receipt of leg ${other}, which no chain logged`);
    else if (
      logged.status !== receipt.status ||
      logged.result !== receipt.result ||
      !sameAddress(logged.relayer, receipt.relayer)
    )
      said.differ(
        `leg ${place} was brought with leg ${other} as ${receipt.status}, the chain says ${logged.status}, or another result or relayer`,
      );
  }
  for (const told of call.decisions)
    if (told.id === all.id && (told.base !== all.base || told.outcome !== decision?.outcome))
      said.differ(
        `leg ${place} was brought with the outcome ${told.outcome}, the hub says ${decision?.outcome ?? "none"}`,
      );
  const facts = [...call.legs.map((one) => one.opened), ...call.receipts, ...call.decisions];
  checkAttested(all, end.log, facts, call.evidence);
}

type Conclusion = {
  place: Place;
  end: Ended;
  ended: Receipts;
  returned: readonly (Hex | undefined)[];
  decision: Decision | null;
};

/** Whether it could end so: by the clock of its chain, by the legs that it needs, by what they returned, by the outcome. */
function checkEnd(all: BundleCase, { place, end, ended, returned, decision }: Conclusion): void {
  const said = note(all, end.log);
  const leg = all.legs[place];
  const isCompensation = leg ? compensates(leg) : undefined;
  const { deadline } = all.bundle;
  const isLate = end.log.at > deadline;
  if (end.status === "missed") {
    if (!isLate || isCompensation)
      said.differ(`leg ${place} was missed at ${end.log.at}, its deadline is ${deadline}`);
    else said.tell(`leg ${place} was missed: ${end.log.at} is after its deadline`);
    return;
  }
  if (end.status === "cancelled") {
    if (decision?.outcome !== "aborted") said.differ(`leg ${place} was cancelled, and the hub did not abort`);
    else if (isLate && isCompensation === false)
      said.differ(`leg ${place} was cancelled at ${end.log.at}, after its deadline ${deadline}`);
    else if (leg && isCompensation && !neverDue(leg, ended))
      said.differ(`compensation ${place} was cancelled, though it may be due`);
    else said.tell(`leg ${place} was cancelled after the hub aborted`);
    return;
  }
  if (!leg) {
    if (isLate)
      said.tell(`leg ${place}, of which nothing is known, ran after the deadline: as compensations do`);
    return said.tell(`leg ${place} ${end.status}: which legs it needs nobody showed`);
  }
  if (leg.kind === "escrow" || leg.kind === "participant")
    said.differ(`leg ${place} is of kind ${leg.kind}, and the settler ran it`);
  if (compensates(leg) && decision?.outcome !== "aborted")
    said.differ(`compensation ${place} ran, and the hub did not abort`);
  if (!compensates(leg) && isLate)
    said.differ(`leg ${place} ran at ${end.log.at}, after its deadline ${deadline}`);
  if (compensates(leg) && end.status === "failed" && end.result !== NO_RESULT)
    said.differ(`compensation ${place} failed, and has a receipt: nothing would try it again`);
  const broken = needed(leg).find((other) => !endedAsNeeded(leg, other, ended[other]?.status));
  if (broken !== undefined && !neverRuns(leg, place))
    return said.differ(
      `leg ${place} ran, and leg ${broken}, which it needs, is ${ended[broken]?.status ?? "open"}`,
    );
  checkInputs(all, place, leg, end, ended, returned);
}

function checkInputs(
  all: BundleCase,
  place: Place,
  leg: Leg,
  end: Ended,
  ended: Receipts,
  returned: readonly (Hex | undefined)[],
): void {
  const said = note(all, end.log);
  const readable = (other: Place): Hex | null =>
    (leg.needsOk.includes(other) || leg.needsFailed.includes(other)) && ended[other]?.result !== NO_RESULT
      ? (returned[other] ?? null)
      : null;
  const fits = filled(leg, readable) !== null;
  const needs = needed(leg);
  const about =
    needs.length === 0
      ? "it needs no other"
      : needs.map((other) => `leg ${other} was ${ended[other]?.status ?? "open"}`).join(", ");
  const inputs = leg.conditions.length + leg.splices.length;
  if (!fits && (end.status === "ok" || end.result !== NO_RESULT))
    return said.differ(`leg ${place} was called, though a condition does not hold or a splice does not fit`);
  said.tell(
    `leg ${place} ${end.status === "ok" ? "ran well" : fits ? "failed" : "failed without a call: its inputs do not fit"}; ${about}${
      inputs === 0 ? "" : `; ${leg.conditions.length} conditions and ${leg.splices.length} splices recomputed`
    }`,
  );
}

const neverRuns = (leg: Leg, place: Place): boolean =>
  needed(leg).some((other) => other >= place) || leg.needsOk.some((other) => leg.needsFailed.includes(other));

export const needed = ({ needsOk, needsFailed, needsSettled, undoes }: Leg): Place[] =>
  [...new Set([...needsOk, ...needsFailed, ...needsSettled, ...(undoes === null ? [] : [undoes])])].toSorted(
    (a, b) => a - b,
  );

/** As {Inputs-isAsNeeded} has it. */
export function endedAsNeeded(leg: Leg, other: Place, status: Settled | undefined): boolean {
  if (status === undefined) return false;
  if (leg.needsOk.includes(other) || leg.undoes === other) return status === "ok";
  return leg.needsFailed.includes(other) ? status === "failed" : true;
}

const neverDue = (leg: Leg, ended: Receipts): boolean =>
  needed(leg).some((other) => ended[other] !== undefined && !endedAsNeeded(leg, other, ended[other].status));

/** After an abort: what is still owed. Nobody lied by not having run it yet, so it is told, and no fault. */
export function tellDue(all: BundleCase, ended: Receipts, decision: Decision | null): Place[] {
  if (decision?.outcome !== "aborted" || all.bundle.mode !== "ordered") return [];
  const due = placesOf(all).filter((place) => {
    const leg = all.legs[place];
    return (
      leg &&
      compensates(leg) &&
      !ended[place] &&
      needed(leg).every((other) => endedAsNeeded(leg, other, ended[other]?.status))
    );
  });
  for (const place of due)
    note(all, decision.log).tell(`compensation ${place} is due, and nobody ran it so far`);
  for (const [place, leg] of all.legs.entries())
    if (leg && leg.undoes !== null && ended[place]?.status === "ok")
      note(all, decision.log).tell(`leg ${leg.undoes} was undone by leg ${place}`);
  return due;
}
