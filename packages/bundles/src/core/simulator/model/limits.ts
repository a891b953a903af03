import { need } from "@sooth/kernel";
import type { Place } from "../../types.ts";
import type { Bounds, Limit } from "./bounds.ts";
import {
  type Applied,
  type Block,
  type Known,
  put,
  type Refusal,
  type Setting,
  type State,
} from "./state.ts";

/** Of what is given back this part of a limit makes a lane rest. */
const TRIP_PART = 2n;

/** A limit of this leg's token, by the key of its bucket. Lanes come first, as in the contract. */
export type Counted = Limit & { key: string };
const NONE: readonly Counted[] = [];

/** The limits that a leg counts against at this time, if it is held then. */
export function limitsOf(known: Known, place: Place, now: number, { limits }: Bounds): readonly Counted[] {
  const leg = need(known.legs[place], "leg");
  const all = limits.get(leg.chainId);
  if (!all || leg.kind !== "escrow") return NONE;
  const token = leg.target.toLowerCase();
  const elsewhere = new Set(known.legs.map(({ chainId }) => chainId));
  elsewhere.delete(leg.chainId);
  const counted = all.filter(
    (one) =>
      one.from <= now &&
      (one.token === null || one.token.toLowerCase() === token) &&
      (one.other === null || elsewhere.has(one.other)),
  );
  return counted
    .map((one) => ({ ...one, key: `${one.other ?? "all"} ${token}` }))
    .toSorted((a, b) => Number(a.other === null) - Number(b.other === null));
}

/** Whether what is held now counts when it ends: a lane of that chain is bounded, no matter which. */
export const marksLanes = ({ chainId, now }: Block, { limits }: Bounds): boolean =>
  limits.get(chainId)?.some(({ other, from }) => other !== null && from <= now) ?? false;

/** Mirror of what an escrow does before it holds a leg: the leg counts on every limit it is on, or is refused. */
export function enter(state: State, known: Known, place: Place, { now }: Block, setting: Setting): Applied {
  const { bounds, rules } = setting;
  const amount = need(known.legs[place], "leg").value;
  const counted = limitsOf(known, place, now, bounds);
  if (counted.length === 0) return { state };
  let [buckets, sawEntered] = [state.buckets, state.sawEntered];
  for (const [nth, limit] of counted.entries()) {
    const { key, most } = limit;
    sawEntered = put(sawEntered, key, [...(sawEntered.get(key) ?? []), { at: now, amount }]);
    if (nth > 0 && !rules.countsOnEveryLane) continue;
    const refused = mayEnter(state, limit, amount, now, setting);
    if (refused) return refused;
    const filled = filledNow(state, key, most, now, setting) + (rules.countsOnce ? amount : 2n * amount);
    buckets = put(buckets, key, { filled, at: now });
  }
  return { state: { ...state, buckets, sawEntered } };
}

function mayEnter(
  state: State,
  { key, most }: Counted,
  amount: bigint,
  now: number,
  setting: Setting,
): Refusal | null {
  const { rules } = setting;
  if (rests(state, key, most, now, setting) && rules.lanesRest) return { refused: "its lane rests" };
  const room = most - filledNow(state, key, most, now, setting);
  return amount > room && rules.limitsHold ? { refused: "over a limit" } : null;
}

/** Rounded up: never does more enter than the limit lets. */
function filledNow(
  { buckets }: State,
  key: string,
  most: bigint,
  now: number,
  { bounds, rules }: Setting,
): bigint {
  const bucket = buckets.get(key);
  if (!bucket) return 0n;
  const drained = rules.drains ? (most * BigInt(now - bucket.at)) / BigInt(bounds.window) : 0n;
  return drained < bucket.filled ? bucket.filled - drained : 0n;
}

function rests({ ends }: State, key: string, most: bigint, now: number, { bounds, rules }: Setting): boolean {
  const found = ends.get(key);
  if (!found || (found.spell !== spellOf(now, bounds) && rules.lanesWake)) return false;
  return found.back > (rules.weighsWhatIsPaid ? found.paid : 0n) && found.back >= most / TRIP_PART;
}

export const spellOf = (now: number, { spell }: Bounds): number => Math.floor(now / spell);

/** Mirror of what is counted when a marked leg is finished. It can not fail, and knows no room. */
export function end(
  state: State,
  known: Known,
  place: Place,
  paid: boolean,
  now: number,
  { bounds, rules }: Setting,
): State {
  const amount = need(known.legs[place], "leg").value;
  const spell = spellOf(now, bounds);
  let { ends, sawEnded, buckets } = state;
  for (const { key, other } of limitsOf(known, place, now, bounds)) {
    const bucket = buckets.get(key);
    if (!rules.keepsWhatLeft && !paid && bucket)
      buckets = put(buckets, key, {
        ...bucket,
        filled: bucket.filled > amount ? bucket.filled - amount : 0n,
      });
    if (other === null) continue;
    const found = ends.get(key);
    const before =
      found && (found.spell === spell || !rules.lanesWake) ? found : { back: 0n, paid: 0n, spell };
    const after = paid
      ? { ...before, paid: before.paid + amount }
      : { ...before, back: before.back + amount };
    ends = put(ends, key, after);
    sawEnded = put(sawEnded, key, [...(sawEnded.get(key) ?? []), { at: now, amount, paid }]);
  }
  return { ...state, ends, sawEnded, buckets };
}

/** Whether any lane of the leg rests. */
export const isAtRest = (state: State, known: Known, place: Place, now: number, setting: Setting): boolean =>
  limitsOf(known, place, now, setting.bounds).some(({ key, most }) => rests(state, key, most, now, setting));

/** What no limit does by the rules: why what is held stays so. Null: it does not. */
export function heldUp(
  state: State,
  known: Known,
  place: Place,
  how: "committed" | "aborted" | "taken_back",
  now: number,
  setting: Setting,
): Refusal | null {
  const { rules, bounds } = setting;
  const counted = () => limitsOf(known, place, now, bounds);
  if (how === "committed") {
    const rests = !rules.finishAtRest && isAtRest(state, known, place, now, setting);
    return rests ? { refused: "its lane rests" } : null;
  }
  if (how === "taken_back")
    return !rules.takeBackAcross && counted().length > 0 ? { refused: "its lane is bounded" } : null;
  if (rules.finishWhenFull) return null;
  const amount = need(known.legs[place], "leg").value;
  const isFull = counted().some(({ key, most }) => amount > most - filledNow(state, key, most, now, setting));
  return isFull ? { refused: "over a limit" } : null;
}
