import { need } from "@sooth/kernel";
import type { Included } from "./chain.ts";
import type { Violation } from "./invariants.ts";
import { short } from "./invariants.ts";
import {
  apply,
  type Block,
  type Bounds,
  type Call,
  type Entry,
  heldKey,
  limitsOf,
  type Setting,
  spellOf,
  type State,
} from "./model/index.ts";

/**
 * What limits promise, of each transaction to an escrow. It is judged by what entered and how it ended, each with its time, and not by
 * the buckets that the model keeps of it.
 */
export function checkLimits({ tx, refused, before, after }: Included, block: Block, setting: Setting) {
  const { call } = tx;
  if (call.to !== "escrow") return null;
  if (refused !== null) return checkRefused(call, before, block, setting);
  const key = heldKey(call.bundle.id, call.leg);
  if (before.held.has(key) || !after.held.has(key)) return null;
  return checkEntered(call, before, after, block, setting);
}

type EscrowCall = Extract<Call, { to: "escrow" }>;
const legText = ({ bundle, leg }: EscrowCall): string => `leg ${leg} of ${short(bundle.id)}`;

function checkEntered(
  call: EscrowCall,
  before: State,
  after: State,
  { now }: Block,
  { bounds }: Setting,
): Violation | null {
  const { value } = need(call.bundle.legs[call.leg], "leg");
  const counted = limitsOf(call.bundle, call.leg, now, bounds);
  for (const { key, most, other } of counted) {
    const room = roomBy(before.sawEntered.get(key) ?? [], most, now, bounds);
    const where = other === null ? "an escrow" : `a lane towards ${other}`;
    if (value > room)
      return { rule: "I14", what: `${legText(call)} brought ${value} to ${where} that had room for ${room}` };
    if (restsBy(before, key, most, now, bounds))
      return { rule: "I14", what: `${legText(call)} came in while ${where} rested` };
  }
  if (counted.length > 0 && after.held.get(heldKey(call.bundle.id, call.leg))?.state !== "held")
    return { rule: "borrowed", what: `${legText(call)} counts, and left in the transaction that held it` };
  return null;
}

/** A limit refuses what there is no room for, and nothing else; and never what leaves. */
function checkRefused(call: EscrowCall, before: State, block: Block, setting: Setting): Violation | null {
  const { bounds } = setting;
  // Most of what is refused has nothing to do with limits.
  const without = { ...setting, bounds: { ...bounds, limits: new Map() } };
  if ("refused" in apply(before, call, block, without)) return null;
  const counted = limitsOf(call.bundle, call.leg, block.now, bounds);
  if (call.do === "finish" || call.do === "take_back")
    return { rule: "leaving", what: `a limit kept ${legText(call)}, which was to leave` };
  if (call.do === "borrow" && counted.length > 0) return null;
  const { value } = need(call.bundle.legs[call.leg], "leg");
  const isRight = counted.some(({ key, most }) => {
    const entries = before.sawEntered.get(key) ?? [];
    // The bucket rounds for itself, by less than a unit with each that enters.
    const room = roomBy(entries, most, block.now, bounds) - BigInt(entries.length);
    return value > room || restsBy(before, key, most, block.now, bounds);
  });
  return isRight
    ? null
    : { rule: "room", what: `a limit refused ${legText(call)}, ${value} units, for which there was room` };
}

/** However long one looks back, no more entered than the limit and what drained of it since. */
function roomBy(entries: readonly Entry[], most: bigint, now: number, { window }: Bounds): bigint {
  let [entered, room] = [0n, most];
  for (const { at, amount } of entries.toReversed()) {
    entered += amount;
    const left = most + (most * BigInt(now - at)) / BigInt(window) - entered;
    if (left < room) room = left;
  }
  return room;
}

/** More was given back than paid since the spell began, and half of the limit at least. */
function restsBy({ sawEnded }: State, key: string, most: bigint, now: number, bounds: Bounds): boolean {
  let [back, paid] = [0n, 0n];
  for (const { at, amount, paid: isPaid } of sawEnded.get(key) ?? [])
    if (spellOf(at, bounds) === spellOf(now, bounds)) {
      if (isPaid) paid += amount;
      else back += amount;
    }
  return back > paid && back >= most / 2n;
}
