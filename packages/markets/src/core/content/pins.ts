/** Where texts are pinned besides our own table: an IPFS node's HTTP API, a service of the IPFS Pinning Service API. */
export const PIN_TARGETS = ["ipfs", "service"] as const;
export type PinTarget = (typeof PIN_TARGETS)[number];

const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 3_600;
/** About two days of trying. A person may have the dead ones tried again. */
export const MOST_TRIES = 60;
/** Seconds between questions to a service that says it is still fetching. */
export const ASK_AGAIN = 15;
/**
 * A sheet is announced to the world only after this long, in seconds: who lists what a node announces could else read a
 * provider's labels, and copy them, while the question is open.
 */
export const SHEET_PAUSE = 86_400;

/** Seconds until the next try after the `failed`th failure in a row, doubling to an hour; null when it is given up. `chance` is 0 to 1. */
export function pauseAfterFailure(failed: number, chance: number): number | null {
  if (failed >= MOST_TRIES) return null;
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failed - 1, 30));
  // Up to half less: what failed together does not come back together.
  return Math.ceil(pause * (1 - chance / 2));
}
