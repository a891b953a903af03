import { isOver, nextSteps, stuckLegs, type Times, TIMES } from "./decide/relayer.ts";
import type { Fact } from "./facts.ts";
import { compensates, type Decided, type Place } from "./types.ts";
import { type BundleShown, legAt, openedFact, placesOfAll, stateOf } from "./view.ts";

/** Where a bundle stands, for people. Nothing of it is stored: it follows from what the chains show. */
export type BundleStatus =
  /** The hub has not opened it. */
  | { kind: "unopened" }
  /** Open, and its chains have not been told yet. */
  | { kind: "buffered" }
  | { kind: "ready"; legs: Place[] }
  | { kind: "running"; ran: Place[]; waiting: Place[] }
  | { kind: "compensating"; due: Place[] }
  /** A compensation was tried and failed: it is owed, and anybody may try again. */
  | { kind: "stuck"; legs: Place[] }
  /** What ran was undone; `stays` ran, and nothing undoes it. */
  | { kind: "compensated"; undone: Place[]; stays: Place[] }
  | { kind: "preparing"; held: Place[]; missing: Place[] }
  | { kind: "prepared" }
  | { kind: "decided"; outcome: Decided; held: Place[] }
  | { kind: "refunded" }
  | { kind: "completed" };

export function statusOf(
  view: BundleShown,
  attested: (fact: Fact) => boolean,
  times: Times = TIMES,
): BundleStatus {
  const { outcome } = view.hub;
  if (outcome === "none") return { kind: "unopened" };
  if (view.bundle.mode === "escrowed") return ofEscrowed(view);
  if (outcome === "committed") return { kind: "completed" };
  return outcome === "aborted" ? ofAborted(view) : ofOpen(view, attested, times);
}

const inState = (view: BundleShown, ...states: string[]): Place[] =>
  placesOfAll(view).filter((place) => states.includes(stateOf(view, place)));

function ofOpen(view: BundleShown, attested: (fact: Fact) => boolean, times: Times): BundleStatus {
  const wanted = placesOfAll(view).filter((place) => !compensates(legAt(view, place)));
  const ran = wanted.filter((place) => stateOf(view, place) !== "none");
  if (ran.length > 0)
    return { kind: "running", ran, waiting: wanted.filter((place) => stateOf(view, place) === "none") };
  if (!wanted.some((place) => attested(openedFact(view, place)))) return { kind: "buffered" };
  const legs = nextSteps(view, attested, times).act.flatMap((step) => (step.do === "run" ? step.leg : []));
  return { kind: "ready", legs };
}

function ofAborted(view: BundleShown): BundleStatus {
  const stuck = stuckLegs(view);
  if (stuck.length > 0) return { kind: "stuck", legs: stuck };
  if (!isOver(view)) return { kind: "compensating", due: inState(view, "none") };
  const undone = inState(view, "ok").flatMap((place) => legAt(view, place).undoes ?? []);
  const stays = inState(view, "ok").filter(
    (place) => !compensates(legAt(view, place)) && !undone.includes(place),
  );
  return { kind: "compensated", undone: undone.toSorted((a, b) => a - b), stays };
}

function ofEscrowed(view: BundleShown): BundleStatus {
  const { outcome } = view.hub;
  const held = inState(view, "held");
  if (outcome === "committed" || outcome === "aborted") {
    if (!isOver(view)) return { kind: "decided", outcome, held };
    return { kind: outcome === "committed" ? "completed" : "refunded" };
  }
  const missing = inState(view, "none");
  return missing.length === 0 ? { kind: "prepared" } : { kind: "preparing", held, missing };
}
