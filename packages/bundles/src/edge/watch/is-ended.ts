import type { Bundle, HubShown, LegShown } from "../../core/index.ts";

/** What chains show of a bundle of which nothing but the header need be known. */
export type Standing = {
  bundle: Bundle;
  hub: Pick<HubShown, "base" | "outcome" | "fee" | "settled">;
  shown: readonly Pick<LegShown, "state">[];
};

/** Shares are claimed until then, by the hub's own rule: two weeks after the deadline. */
const CLAIM_SECONDS = 14 * 86_400;
/** By so much clocks of chains may differ. */
const CLOCK_SECONDS = 3_600;
/** An escrow takes nothing in whose deadline is further ahead. */
const LONGEST_WAIT_SECONDS = 7 * 86_400;
/** Payers have so long, from the escape on, to see that theirs comes back while everybody still knows of it. */
const ESCAPED_SECONDS = 86_400;

/**
 * Whether nobody will ever want a fact of it again: nothing of it is held for a decision, or waits to be run, undone or cancelled,
 * and its fee is paid, is none, or can be claimed no more. Being paid is not needed, or whoever offers nothing would be remembered
 * for ever; nor is being given back, once payers take it back by themselves.
 * @param now the clock of the chain that is furthest behind: what its deadline still allows may happen there
 * @param escape seconds from a deadline on until payers need no decision; null while it is not known
 */
export function isEnded({ bundle, hub, shown }: Standing, now: number, escape: number | null): boolean {
  const has = (state: LegShown["state"]) => shown.some((leg) => leg.state === state);
  const isOverdue = now > bundle.deadline + CLOCK_SECONDS;
  const isLate = now > bundle.deadline + CLAIM_SECONDS;
  // What was committed is owed to others than those who paid it in.
  const isEscaped =
    hub.outcome !== "committed" && escape !== null && now > bundle.deadline + escape + ESCAPED_SECONDS;
  if (has("held") && !isEscaped) return false;
  if (hub.base === null) return isOverdue;
  const isDecided = hub.outcome === "committed" || hub.outcome === "aborted";
  if (!(hub.settled || hub.fee === 0n || isLate) || !(isDecided || isLate)) return false;
  // What was not brought into an escrow by its deadline never will be.
  if (bundle.mode === "escrowed") return !has("none") || isOverdue;
  if (hub.outcome === "committed") return true;
  // Of one that nobody decided nothing is to be undone when nothing ran: no leg runs after the deadline.
  return isDecided ? !has("none") : !has("ok");
}

/** Of bundles with an earlier deadline, but those that are remembered, nobody needs a decision: payers have taken back, or could for long. */
export const decidedBefore = (now: number, escape: number): number => now - escape - ESCAPED_SECONDS;

/**
 * The same of a bundle whose header nobody told, when its newest log is of this time. Whatever of it is held was taken in by then,
 * for a deadline that was no further ahead than an escrow allows.
 */
export const isEndedUnknown = (newest: number, now: number, escape: number | null): boolean =>
  escape !== null && now > newest + LONGEST_WAIT_SECONDS + escape + ESCAPED_SECONDS;
