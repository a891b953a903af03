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

/**
 * Whether nobody will ever want a fact of it again: nothing of it is held, or waits to be run, undone or cancelled, and its fee
 * is paid, is none, or can be claimed no more. Being paid is not needed, or whoever offers nothing would be remembered for ever.
 * @param now the hub's clock
 */
export function isEnded({ bundle, hub, shown }: Standing, now: number): boolean {
  const has = (state: LegShown["state"]) => shown.some((leg) => leg.state === state);
  const isOverdue = now > bundle.deadline + CLOCK_SECONDS;
  const isLate = now > bundle.deadline + CLAIM_SECONDS;
  if (has("held")) return false;
  if (hub.base === null) return isOverdue;
  const isDecided = hub.outcome === "committed" || hub.outcome === "aborted";
  if (!(hub.settled || hub.fee === 0n || isLate) || !(isDecided || isLate)) return false;
  // What was not brought into an escrow by its deadline never will be.
  if (bundle.mode === "escrowed") return !has("none") || isOverdue;
  if (hub.outcome === "committed") return true;
  // Of one that nobody decided nothing is to be undone when nothing ran: no leg runs after the deadline.
  return isDecided ? !has("none") : !has("ok");
}
