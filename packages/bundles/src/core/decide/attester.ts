import { type Fact, factText } from "../facts.ts";
import { legsHashOf } from "../hashes.ts";
import { MOST_LEGS } from "../types.ts";
import { decisionFact, type FactsView, openedFact, receiptFact, stateOf } from "../view.ts";

/** What an attester has said, content by subject as {factText} has them: written down before a signature leaves the process, and kept for ever. */
export type Journal = ReadonlyMap<string, string>;

/**
 * Every fact that a bundle, as trusted blocks show it, makes so. None of one whose header says another number of legs than it
 * hashes: the hub sees the number alone, and gives out no more ordinals than that; the next one is somebody else's.
 */
export function factsShown(view: FactsView): Fact[] {
  if (!isWhole(view)) return [];
  const places = [...view.hashes.keys()];
  const facts: Fact[] = [];
  if (view.hub.base === null) return isPrepared(view) ? [{ kind: "prepared", id: view.id }] : [];
  if (view.bundle.mode === "ordered") facts.push(...places.map((place) => openedFact(view, place)));
  else if (isPrepared(view)) facts.push({ kind: "prepared", id: view.id });
  facts.push(...places.flatMap((place) => receiptFact(view, place) ?? []));
  const decision = decisionFact(view);
  if (decision !== null) facts.push(decision);
  return facts;
}

const known = new WeakMap<FactsView["hashes"], { bundle: FactsView["bundle"]; whole: boolean }>();

/** Whether these are the hashes that the header speaks of: their number, and the hash of all of them. */
function isWhole({ bundle, hashes }: FactsView): boolean {
  const before = known.get(hashes);
  if (before?.bundle === bundle) return before.whole;
  const whole =
    hashes.length > 0 &&
    hashes.length <= MOST_LEGS &&
    hashes.length === bundle.legs &&
    legsHashOf(hashes) === bundle.legsHash;
  known.set(hashes, { bundle, whole });
  return whole;
}

const isPrepared = (view: FactsView): boolean =>
  view.bundle.mode === "escrowed" && view.hashes.every((_, place) => stateOf(view, place) === "held");

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
