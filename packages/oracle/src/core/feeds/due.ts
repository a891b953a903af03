import { BPS } from "@sooth/kernel";
import type { FeedSchema } from "./schema.ts";

/** The newest value that the contract took. */
export type LastTold = { value: bigint; observedAt: number; isHalted: boolean };

/** The moment that everybody speaks of at `now`, unix seconds by the chain's clock. */
export const feedMoment = (now: number, { step }: Pick<FeedSchema, "step">): number => now - (now % step);

/**
 * Whether a moment is told. `always`: whatever the value is: the first, one a heartbeat after the last, and any while a
 * refused jump holds the feed up, because only more signatures end that. `ifMoved`: see `hasMoved`.
 */
export function feedDue(
  last: LastTold | null,
  moment: number,
  { heartbeat, deviationBps }: { heartbeat: number; deviationBps: number },
): "always" | "ifMoved" | "no" {
  if (last === null) return "always";
  if (moment <= last.observedAt) return "no";
  if (last.isHalted || moment - last.observedAt >= heartbeat) return "always";
  return deviationBps > 0 ? "ifMoved" : "no";
}

const size = (number: bigint): bigint => (number < 0n ? -number : number);

/** Whether a value is more than `deviationBps` of the last one away from it. */
export function hasMoved(value: bigint, last: bigint, deviationBps: number): boolean {
  return size(value - last) * BPS > size(last) * BigInt(deviationBps);
}
