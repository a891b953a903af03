import { type Fact, factText } from "../facts.ts";
import { legHash, legsHashOf } from "../hashes.ts";
import { MOST_LEGS } from "../types.ts";
import { type BundleShown, decisionFact, openedFact, placesOfAll, receiptFact, stateOf } from "../view.ts";

/** What an attester has said, content by subject as {factText} has them: written down before a signature leaves the process, and kept for ever. */
export type Journal = ReadonlyMap<string, string>;

/**
 * Every fact that a bundle, as trusted blocks show it, makes so. None of one whose header says another number of legs than it
 * hashes: the hub sees the number alone, and gives out no more ordinals than that; the next one is somebody else's.
 */
export function factsShown(view: BundleShown): Fact[] {
  if (!isWhole(view)) return [];
  const places = placesOfAll(view);
  const facts: Fact[] = [];
  if (view.hub.base === null) return isPrepared(view) ? [{ kind: "prepared", id: view.id }] : [];
  if (view.bundle.mode === "ordered") facts.push(...places.map((place) => openedFact(view, place)));
  else if (isPrepared(view)) facts.push({ kind: "prepared", id: view.id });
  facts.push(...places.flatMap((place) => receiptFact(view, place) ?? []));
  const decision = decisionFact(view);
  if (decision !== null) facts.push(decision);
  return facts;
}

const known = new WeakMap<
  BundleShown["legs"],
  { bundle: BundleShown["bundle"]; hashes: BundleShown["hashes"]; whole: boolean }
>();

/** Whether these legs are what the header speaks of: their number, and their hashes one after the other. */
function isWhole({ bundle, legs, hashes }: BundleShown): boolean {
  const before = known.get(legs);
  if (before?.bundle === bundle && before.hashes === hashes) return before.whole;
  const own = legs.map(legHash);
  const whole =
    legs.length > 0 &&
    legs.length <= MOST_LEGS &&
    legs.length === bundle.legs &&
    legs.length === hashes.length &&
    own.every((hash, place) => hash === hashes[place]) &&
    legsHashOf(own) === bundle.legsHash;
  known.set(legs, { bundle, hashes, whole });
  return whole;
}

const isPrepared = (view: BundleShown): boolean =>
  view.bundle.mode === "escrowed" && placesOfAll(view).every((place) => stateOf(view, place) === "held");

/**
 * Which facts an attester may sign. What contradicts his journal he keeps to himself, however sure he is by now: a chain that
 * took back what was final costs him nothing, but two contents of one subject cost him his stake.
 */
export function sayable(facts: readonly Fact[], journal: Journal): { sign: Fact[]; contradicts: Fact[] } {
  const [sign, contradicts]: [Fact[], Fact[]] = [[], []];
  for (const fact of facts) {
    const { subject, content } = factText(fact);
    const before = journal.get(subject);
    (before === undefined || before === content ? sign : contradicts).push(fact);
  }
  return { sign, contradicts };
}
