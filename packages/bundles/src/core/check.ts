import type { Address } from "@sooth/kernel";
import { size } from "viem";
import { givesAllowance } from "./allowances.ts";
import { BundlesError } from "./errors.ts";
import { groundsOf } from "./graph.ts";
import { legHash, legsHashOf } from "./hashes.ts";
import {
  type Bundle,
  compensates,
  type Leg,
  MOST_LEGS,
  MOST_PAYLOAD,
  MOST_RESULT,
  type Place,
} from "./types.ts";

/** Bytes of calldata a leg, at the most. `simple` and `full` are what the first generation of coordinators took. */
export const PAYLOADS = { simple: 512, full: 2_048, whole: MOST_PAYLOAD } as const;

/** How long a bundle may be open, in seconds from now. */
export type Window = { least: number; most: number };
export const WINDOW: Window = { least: 30, most: 7 * 86_400 };

/**
 * A transaction has 2^24 gas at the most (EIP-7825), and the settler needs some of it around the call; a caller also keeps
 * 1/64 (EIP-150).
 */
export const MOST_GAS = Math.floor(((2 ** 24 - 200_000) * 63) / 64);

/** What a participant may be given to finish. Its leg may state less, even nothing: whoever finishes can give it more. */
export const MOST_FINISH_GAS = 10_000_000;

export type Bounds = { now: number; window?: Window; payload?: number };

/**
 * Refuses what the contracts would refuse, and what could never end well. Bits are of places before a leg's own, so no cycle
 * can be written down.
 * @throws bundles.bad_leg_count, wrong_legs, bad_window, and those of {checkLeg}
 */
export function checkBundle(bundle: Bundle, legs: readonly Leg[], bounds: Bounds): void {
  const { now, window = WINDOW, payload = MOST_PAYLOAD } = bounds;
  if (legs.length < 1 || legs.length > MOST_LEGS || legs.length !== bundle.legs)
    throw BundlesError.bad_leg_count({ count: legs.length, most: MOST_LEGS });
  const [earliest, latest] = [now + window.least, now + window.most];
  if (bundle.deadline < earliest || bundle.deadline > latest)
    throw BundlesError.bad_window({ deadline: bundle.deadline, earliest, latest });
  for (const place of legs.keys()) checkLeg(bundle.mode, legs, place, payload);
  const found = legsHashOf(legs.map(legHash));
  if (found !== bundle.legsHash) throw BundlesError.wrong_legs({ wanted: bundle.legsHash, found });
}

function checkLeg(mode: Bundle["mode"], legs: readonly Leg[], place: Place, payload: number): void {
  const leg = legs[place];
  if (leg === undefined) return;
  const bytes = size(leg.data);
  if (bytes > payload) throw BundlesError.payload_too_big({ leg: place, bytes, most: payload });
  if (BigInt(leg.target) === 0n) throw BundlesError.no_target({ leg: place });
  const isHeld = leg.kind === "escrow" || leg.kind === "participant";
  if (mode === "escrowed" && !isHeld) throw BundlesError.called_in_escrowed({ leg: place });
  if (mode === "ordered" && isHeld) throw BundlesError.held_in_ordered({ leg: place });
  checkNeeds(legs, leg, place);
  if (isHeld) return checkHeld(leg, place);
  if (leg.gasLimit < 1 || leg.gasLimit > MOST_GAS)
    throw BundlesError.bad_gas({ leg: place, gas: leg.gasLimit, most: MOST_GAS });
  if (leg.kind === "value" && (bytes > 0 || leg.splices.length > 0))
    throw BundlesError.value_with_data({ leg: place });
  if (leg.kind === "shared" && givesAllowance(leg.data)) throw BundlesError.allowance_of_all({ leg: place });
  checkInputs(leg, place, bytes);
}

function checkNeeds(legs: readonly Leg[], leg: Leg, place: Place): void {
  const named: [string, readonly Place[]][] = [
    ["needsOk", leg.needsOk],
    ["needsFailed", leg.needsFailed],
    ["needsSettled", leg.needsSettled],
    ["undoes", leg.undoes === null ? [] : [leg.undoes]],
  ];
  for (const [field, places] of named) {
    const wrong = places.find((one) => one >= place || one < 0);
    if (wrong !== undefined) throw BundlesError.not_before({ leg: place, field, place: wrong });
  }
  const both = leg.needsOk.find((one) => leg.needsFailed.includes(one));
  if (both !== undefined) throw BundlesError.names_twice({ leg: place, place: both });
  const isCompensation = (one: Place) => legs[one] !== undefined && compensates(legs[one]);
  if (leg.undoes !== null) {
    if (isCompensation(leg.undoes)) throw BundlesError.undoes_compensation({ leg: place, place: leg.undoes });
    const certain = new Set([leg.undoes, ...groundsOf(legs, leg.undoes)]);
    const isCertain = leg.needsOk.every((one) => certain.has(one));
    if (!isCertain || leg.needsFailed.length > 0 || leg.conditions.length > 0)
      throw BundlesError.conditional_compensation({ leg: place });
    return;
  }
  // The hub commits when all of these ran well, and what they wait for here happens only when it cannot.
  const late = leg.needsFailed[0] ?? [...leg.needsOk, ...leg.needsSettled].find(isCompensation);
  if (late !== undefined) throw BundlesError.never_commits({ leg: place, place: late });
}

function checkHeld(leg: Leg, place: Place): void {
  const depends =
    leg.needsOk.length + leg.needsSettled.length + leg.splices.length + leg.conditions.length > 0 ||
    compensates(leg);
  if (depends) throw BundlesError.depends_in_escrowed({ leg: place });
  if (leg.kind === "participant") {
    if (leg.gasLimit > MOST_FINISH_GAS)
      throw BundlesError.too_much_finish_gas({ leg: place, gas: leg.gasLimit, most: MOST_FINISH_GAS });
    return;
  }
  if (leg.value === 0n) throw BundlesError.bad_escrow({ leg: place, why: "the amount is 0" });
  const held = escrowPartiesOf(leg);
  if (held === null)
    throw BundlesError.bad_escrow({ leg: place, why: "its data are not a payer and a recipient" });
  const nobody = Object.entries(held).find(([, address]) => BigInt(address) === 0n);
  if (nobody) throw BundlesError.bad_escrow({ leg: place, why: `the ${nobody[0]} is nobody` });
}

/** Who pays what an escrow holds, and who gets it once committed; null when the leg's data say neither. */
export function escrowPartiesOf({ data }: Pick<Leg, "data">): { payer: Address; recipient: Address } | null {
  const found = /^0x0{24}(?<payer>[0-9a-f]{40})0{24}(?<recipient>[0-9a-f]{40})$/i.exec(data)?.groups;
  return found ? { payer: `0x${found.payer}`, recipient: `0x${found.recipient}` } : null;
}

function checkInputs(leg: Leg, place: Place, bytes: number): void {
  const within = (what: string, end: number, most: number) => {
    if (end > most) throw BundlesError.input_out_of_bounds({ leg: place, what, end, most });
  };
  for (const { from } of [...leg.splices, ...leg.conditions])
    if (!leg.needsOk.includes(from) && !leg.needsFailed.includes(from))
      throw BundlesError.input_not_needed({ leg: place, from });
  for (const { from, source } of leg.conditions)
    within(`what leg ${from} returned`, source + 32, MOST_RESULT);
  const written = new Set<number>();
  for (const { from, source, length, target } of leg.splices) {
    within(`what leg ${from} returned`, source + length, MOST_RESULT);
    within("its calldata", target + length, bytes);
    for (let byte = target; byte < target + length; byte++) {
      if (written.has(byte)) throw BundlesError.inputs_overlap({ leg: place, byte });
      written.add(byte);
    }
  }
}
