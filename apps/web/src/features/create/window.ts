import type { Amount } from "@sooth/kernel";
import { baseWindow, HIGHEST_WINDOW } from "@sooth/oracle/core";

export type Windows = {
  /** Seconds to object in where little hangs on an answer. */
  lowestWindow?: number;
  /** Smallest units of collateral in a whole one, as the oracle counts them. */
  unit?: string;
};

/** On a laptop windows are seconds; people want to see an answer before it is final. */
const LEAST_PROPOSED = 30;

/** How long an answer must be open to objection, by what hangs on it, and what is proposed; seconds. */
export function windowFor(secures: bigint, { lowestWindow = 0, unit = "1" }: Windows) {
  const least = baseWindow(secures as Amount, BigInt(unit), lowestWindow);
  return { least, proposed: Math.max(least, LEAST_PROPOSED) };
}

/** The longest that hangs on any sum, seconds: 96 times the lowest, two days where that is half an hour. */
export const longestWindow = ({ lowestWindow = 0 }: Windows): number =>
  Math.max(HIGHEST_WINDOW * lowestWindow, LEAST_PROPOSED);
