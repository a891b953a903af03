import type { Terms } from "@sooth/oracle/core";

/** Shorter, and an order ends before somebody finds it. */
const LEAST_SECONDS = 20;
/** On a question that may end early: nobody knows when its answer is known, so an order stands an hour and no longer. */
const EARLY_SECONDS = 3_600;

/**
 * Until when an order that is placed at `now` may be good: the second before the moment that is asked about, and before the question
 * opens. Whoever knows the answer then would take what others left standing. Null where it is too late for any.
 */
export function latestExpiry(
  { opensAt, endsEarly }: Pick<Terms, "opensAt" | "endsEarly">,
  observeAt: number,
  now: number,
): number | null {
  const before = Math.min(opensAt, observeAt) - 1;
  const latest = endsEarly ? Math.min(before, now + EARLY_SECONDS) : before;
  return latest < earliestExpiry(now) ? null : latest;
}
export const earliestExpiry = (now: number): number => now + LEAST_SECONDS;
