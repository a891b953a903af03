import { type Hex, need } from "@sooth/kernel";
import { wantedLegs } from "../graph.ts";
import type { Outcome, Place } from "../types.ts";
import { type Held, heldKey, type Known, type Receipt, type State } from "./model/index.ts";
import { SECONDS } from "./plan.ts";

/** A sentence for each thing that must never be, or null. The names are those of docs/decisions/bundles.md and of the contracts. */
export type Violation = { rule: string; what: string };
type States = (chainId: number) => State;

/** Of one chain, from a block to the next. */
export function checkStep(before: State, after: State): Violation | null {
  for (const [ordinal, receipt] of before.receipts) {
    const now = after.receipts.get(ordinal);
    if (now?.status !== receipt.status)
      return {
        rule: "I1",
        what: `the receipt of ordinal ${ordinal} changed from ${receipt.status} to ${now?.status}`,
      };
  }
  for (const [ordinal, runs] of after.sawRuns)
    if (runs > 1) return { rule: "I1", what: `the leg at ordinal ${ordinal} ran ${runs} times` };
  for (const [id, { outcome }] of before.hub) {
    const now = after.hub.get(id)?.outcome;
    if (outcome !== "open" && now !== outcome)
      return { rule: "I2", what: `bundle ${short(id)} was ${outcome} and is ${now}` };
  }
  for (const [key, held] of before.held)
    if (held.state !== "held" && after.held.get(key)?.state !== held.state)
      return {
        rule: "I2",
        what: `what ${short(key)} held went ${held.state}, then ${after.held.get(key)?.state}`,
      };
  return checkMoney(after);
}

function checkMoney({ held, vault, fees, sawFeesIn, sawFeesOut, hub }: State): Violation | null {
  const inside = [...held.values()].reduce((all, one) => all + (one.state === "held" ? one.amount : 0n), 0n);
  if (inside !== vault) return { rule: "I3", what: `escrows hold ${inside} and the contract has ${vault}` };
  const owed = [...hub.values()].reduce((all, one) => all + (one.settled ? 0n : one.fee), 0n);
  if (fees !== owed || sawFeesIn !== sawFeesOut + fees)
    return { rule: "I3", what: `fees: ${sawFeesIn} in, ${sawFeesOut} out, ${fees} held for ${owed} owed` };
  return null;
}

/** Of a bundle over all its chains, at their newest blocks. */
export function checkBundleStates(known: Known, hubState: State, states: States): Violation | null {
  const word = hubState.hub.get(known.id);
  const outcome = word?.outcome ?? "none";
  if (known.bundle.mode === "escrowed") return checkEscrowed(known, outcome, hubState, states);
  return word ? checkOrdered(known, outcome, word.base, states) : null;
}

function checkOrdered(
  { id, bundle, legs }: Known,
  outcome: Outcome,
  base: bigint,
  states: States,
): Violation | null {
  const receiptOf = (place: Place): Receipt | undefined =>
    states(need(legs[place], "leg").chainId).receipts.get(base + BigInt(place));
  const bad = (rule: string, what: string): Violation => ({
    rule,
    what: `bundle ${short(id)} is ${outcome}, and ${what}`,
  });
  if (outcome === "committed") {
    const left = wantedLegs(legs).find((place) => receiptOf(place)?.status !== "ok");
    if (left !== undefined) return bad("P5", `leg ${left} has not run well`);
  }
  for (const [place, leg] of legs.entries()) {
    const receipt = receiptOf(place);
    const ranAt = states(leg.chainId).sawRanAt.get(base + BigInt(place));
    if (receipt?.status === "cancelled" && outcome !== "aborted")
      return bad("P5", `leg ${place} was cancelled`);
    if (leg.undoes === null && ranAt !== undefined && ranAt > bundle.deadline)
      return bad("deadline", `leg ${place} ran at ${ranAt}, after ${bundle.deadline}`);
    if (ranAt === undefined) continue;
    const early = leg.needsOk.find((one) => receiptOf(one)?.status !== "ok");
    if (early !== undefined) return bad("P3", `leg ${place} ran before leg ${early} ran well`);
    const open = leg.needsSettled.find((one) => receiptOf(one) === undefined);
    if (open !== undefined)
      return bad("P3", `leg ${place} ran before it was known what became of leg ${open}`);
    if (leg.undoes === null) continue;
    if (outcome !== "aborted") return bad("P5", `compensation ${place} ran`);
    if (receiptOf(leg.undoes)?.status !== "ok")
      return bad("P5", `compensation ${place} undid what never ran well`);
  }
  return null;
}

function checkEscrowed(known: Known, outcome: Outcome, hubState: State, states: States): Violation | null {
  const { id, bundle, legs } = known;
  const heldOf = (place: Place): Held | undefined =>
    states(need(legs[place], "leg").chainId).held.get(heldKey(id, place));
  const bad = (rule: string, what: string): Violation => ({
    rule,
    what: `bundle ${short(id)} is ${outcome}, and ${what}`,
  });
  const found = new Set([...legs.keys()].map((place) => heldOf(place)?.state));
  const isBack = found.has("returned") || found.has("taken_back");
  if (found.has("paid") && isBack) return bad("I5", "one leg was paid and another given back");
  if (found.has("paid") && outcome !== "committed") return bad("I2", "a leg was paid");
  if (isBack && outcome === "committed") return bad("I2", "a leg was given back");
  const decidedAt = hubState.sawDecidedAt.get(id);
  if (outcome === "committed" && decidedAt !== undefined && decidedAt > bundle.deadline)
    return bad("I4", `was decided at ${decidedAt}, after ${bundle.deadline}`);
  if (outcome === "committed" && found.has(undefined)) return bad("P4", "a leg was never held");
  const unopenedAt = hubState.sawUnopenedAt.get(id);
  if (unopenedAt !== undefined && unopenedAt <= bundle.deadline)
    return bad("opening", `was called unopened at ${unopenedAt}, when it might still be opened`);
  for (const place of legs.keys()) {
    const at = states(need(legs[place], "leg").chainId).sawTakenBackAt.get(heldKey(id, place));
    if (at !== undefined && at <= bundle.deadline + SECONDS.escape)
      return bad("I4", `leg ${place} was taken back at ${at}, before the escape`);
  }
  return null;
}

/** Ordinals of bundles never meet. */
export function checkOrdinals(all: readonly Known[], hubState: State): Violation | null {
  const seen = new Map<bigint, Hex>();
  for (const { id, bundle } of all) {
    const base = hubState.hub.get(id)?.base;
    if (base === undefined) continue;
    for (let ordinal = base; ordinal < base + BigInt(bundle.legs); ordinal++) {
      const other = seen.get(ordinal);
      if (other)
        return { rule: "I6", what: `bundles ${short(other)} and ${short(id)} share ordinal ${ordinal}` };
      seen.set(ordinal, id);
    }
  }
  return null;
}

export const short = (id: string): string => id.slice(0, 8);
