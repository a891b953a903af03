import type { Hex } from "@sooth/kernel";
import { filled } from "./fill.ts";
import { type Leg, type Outcome, type Place, STANDALONE } from "./types.ts";

/** Of a call that returned nothing no log is written. */
const NOTHING_RETURNED: Hex = "0x";

/** What the chains show of a bundle's legs, by place. */
type Shown = {
  outcome: Outcome;
  shown: readonly { state: string; returned?: string | null }[];
};

/** Whether a leg could be brought now: it is neither settled nor held, and nothing that it waits for is missing. */
export function isDue({ outcome, shown }: Shown, place: Place, leg: Leg): boolean {
  const stateOf = (one: Place) => shown[one]?.state ?? "none";
  const isOk = (one: Place) => stateOf(one) === "ok";
  const isTimely =
    leg.undoes === null
      ? outcome === "none" || outcome === "open"
      : outcome === "aborted" && isOk(leg.undoes);
  return (
    isTimely &&
    stateOf(place) === "none" &&
    leg.needsOk.every(isOk) &&
    leg.needsFailed.every((one) => stateOf(one) === "failed") &&
    leg.needsSettled.every((one) => stateOf(one) !== "none")
  );
}

/** A leg that is due as it would be brought, waiting for nothing any more; null where what it takes from others does not fit. */
export function asBrought({ shown }: Pick<Shown, "shown">, leg: Leg): Leg | null {
  const data = filled(leg, (from) => (shown[from]?.returned ?? NOTHING_RETURNED) as Hex);
  return data === null ? null : { ...leg, ...STANDALONE, data };
}
