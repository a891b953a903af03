import type { Fact } from "../facts.ts";
import { compensations, wantedLegs } from "../graph.ts";
import type { Place } from "../types.ts";
import {
  type BundleShown,
  chainOf,
  decisionFact,
  legAt,
  openedFact,
  placesOfAll,
  receiptFact,
  shownAt,
  stateOf,
} from "../view.ts";

/** What a relayer does next, with the facts that have to be proved. On the leg's chain where it names one, else on the hub. */
export type Action =
  | { do: "run" | "compensate" | "cancel" | "finish"; leg: Place; facts: Fact[] }
  | { do: "prepare" | "take_back"; leg: Place; facts: [] }
  | { do: "commit" | "settle"; facts: Fact[] }
  /** `unopened`: nobody opened it until its deadline, and what was set aside for it all the same comes back by that. */
  | { do: "abort"; why: "failed" | "late" | "unopened"; facts: Fact[] };
/** `ask`: facts that the chains show, and that attesters have yet to sign before more can be done. */
export type Steps = { act: Action[]; ask: Fact[] };

/** Times of the contracts, in seconds after a bundle's deadline. */
export type Times = {
  /** From when on anybody may abort an ordered bundle without showing why. */
  grace: number;
  /** From when on what an escrow holds is taken back without anybody's signature. */
  escape: number;
};
export const TIMES: Times = { grace: 12 * 3_600, escape: 36 * 3_600 };

/**
 * Everything that may usefully be done for a bundle now. Doing any of it again changes nothing, so a relayer keeps no memory
 * of what he did, and two of them need not agree.
 * @param attested whether a quorum's signature over the fact is at hand
 */
export function nextSteps(view: BundleShown, attested: (fact: Fact) => boolean, times: Times = TIMES): Steps {
  const steps: Steps = { act: [], ask: [] };
  const take: Take = (action) => {
    const missing = action.facts.filter((fact) => !attested(fact));
    if (missing.length === 0) steps.act.push(action);
    else steps.ask.push(...missing);
  };
  const { outcome, settled } = view.hub;
  if (view.bundle.mode === "escrowed") escrowed(view, times, take);
  else if (outcome === "open") openOrdered(view, times, take);
  else if (outcome === "aborted") abortedOrdered(view, take);
  if (!settled && isOver(view)) take({ do: "settle", facts: receiptsOf(view, placesOfAll(view)) });
  return steps;
}

type Take = (action: Action) => void;

const receiptsOf = (view: BundleShown, places: readonly Place[]): Fact[] =>
  places.flatMap((place) => receiptFact(view, place) ?? []);
const isLate = (view: BundleShown, place: Place): boolean => chainOf(view, place).now > view.bundle.deadline;

function openOrdered(view: BundleShown, { grace }: Times, take: Take): void {
  const wanted = wantedLegs(view.legs);
  const bad = wanted.find((place) => !["none", "ok"].includes(stateOf(view, place)));
  if (bad !== undefined) take({ do: "abort", why: "failed", facts: receiptsOf(view, [bad]) });
  else if (wanted.every((place) => stateOf(view, place) === "ok"))
    take({ do: "commit", facts: receiptsOf(view, wanted) });
  if (view.hub.now > view.bundle.deadline + grace) take({ do: "abort", why: "late", facts: [] });
  for (const place of wanted) {
    if (stateOf(view, place) !== "none") continue;
    if (isLate(view, place)) take({ do: "cancel", leg: place, facts: [openedFact(view, place)] });
    // What runs after another failed would only have to be undone.
    else if (bad === undefined && isReady(view, place)) take(runOf(view, place));
  }
}

/** Every leg it names has gone as it wants, and its chain takes it. */
function isReady(view: BundleShown, place: Place): boolean {
  const { needsOk, needsFailed, needsSettled } = legAt(view, place);
  return (
    !chainOf(view, place).paused &&
    needsOk.every((one) => stateOf(view, one) === "ok") &&
    needsFailed.every((one) => stateOf(view, one) === "failed") &&
    needsSettled.every((one) => stateOf(view, one) !== "none")
  );
}

function runOf(view: BundleShown, place: Place): Action {
  const { needsOk, needsFailed, needsSettled } = legAt(view, place);
  const facts = receiptsOf(view, [...new Set([...needsOk, ...needsFailed, ...needsSettled])]);
  return { do: "run", leg: place, facts: [openedFact(view, place), ...facts] };
}

function abortedOrdered(view: BundleShown, take: Take): void {
  const decision = decisionFact(view);
  if (decision === null) return;
  for (const place of wantedLegs(view.legs)) {
    if (stateOf(view, place) !== "none") continue;
    const why = isLate(view, place) ? [] : [decision];
    take({ do: "cancel", leg: place, facts: [openedFact(view, place), ...why] });
  }
  for (const place of compensations(view.legs)) {
    const { undoes, needsOk, needsSettled } = legAt(view, place);
    if (undoes === null || stateOf(view, place) !== "none" || stateOf(view, undoes) === "none") continue;
    const facts = [openedFact(view, place), decision];
    if (stateOf(view, undoes) !== "ok")
      take({ do: "cancel", leg: place, facts: [...facts, ...receiptsOf(view, [undoes])] });
    else if (needsSettled.every((one) => stateOf(view, one) !== "none"))
      take({
        do: "compensate",
        leg: place,
        facts: [...facts, ...receiptsOf(view, [...new Set([undoes, ...needsOk, ...needsSettled])])],
      });
  }
}

function escrowed(view: BundleShown, { escape }: Times, take: Take): void {
  const { hub, bundle } = view;
  const places = placesOfAll(view);
  if (hub.outcome === "open") {
    if (hub.now > bundle.deadline) take({ do: "abort", why: "late", facts: [] });
    else if (places.every((place) => stateOf(view, place) === "held") && !hub.paused)
      take({ do: "commit", facts: [{ kind: "prepared", id: view.id }] });
    for (const place of places)
      if (stateOf(view, place) === "none" && !isLate(view, place) && !chainOf(view, place).paused)
        take({ do: "prepare", leg: place, facts: [] });
  }
  const isHeld = places.some((place) => stateOf(view, place) === "held");
  if (hub.outcome === "none" && isHeld && hub.now > bundle.deadline)
    take({ do: "abort", why: "unopened", facts: [] });
  const decision = decisionFact(view);
  for (const place of places.filter((one) => stateOf(view, one) === "held")) {
    if (decision !== null) take({ do: "finish", leg: place, facts: [decision] });
    // Never of a bundle that was committed: taking back one leg of it would be the one harm that this mode excludes.
    if (hub.outcome !== "committed" && chainOf(view, place).now > bundle.deadline + escape)
      take({ do: "take_back", leg: place, facts: [] });
  }
}

/** Whether nothing more will become of it but the payment of its fees. */
export function isOver(view: BundleShown): boolean {
  const { outcome } = view.hub;
  if (outcome !== "committed" && outcome !== "aborted") return false;
  if (view.bundle.mode === "escrowed")
    return placesOfAll(view).every(
      (place) =>
        !["none", "held"].includes(stateOf(view, place)) ||
        (stateOf(view, place) === "none" && isLate(view, place)),
    );
  const awaited = outcome === "committed" ? wantedLegs(view.legs) : placesOfAll(view);
  return awaited.every((place) => stateOf(view, place) !== "none");
}

/** Compensations that are due, and were tried and failed: the legs that a stuck bundle names. */
export const stuckLegs = (view: BundleShown): Place[] =>
  compensations(view.legs).filter(
    (place) => stateOf(view, place) === "none" && shownAt(view, place).failures > 0,
  );
