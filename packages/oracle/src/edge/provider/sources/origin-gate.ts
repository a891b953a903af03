import { setTimeout as delay } from "node:timers/promises";
import { type Pace, takeTurn } from "../../../core/index.ts";

/** Requests to one origin in a line, so that many questions at once are no attack on it. */
export type OriginGate = {
  /** Waits for a turn; false when the line is too long or `signal` ended the wait. Nobody is asked then. */
  enter(origin: string, signal: AbortSignal): Promise<boolean>;
};

/** A longer line is a reason to try later: the question's other sources wait for this one. */
const LONGEST_WAIT_MS = 15_000;

export function originGate(pace: Pace, longestWaitMs: number = LONGEST_WAIT_MS): OriginGate {
  // As many entries as the provider allows origins: others are refused before they come here.
  const lines = new Map<string, number>();
  return {
    enter: async (origin, signal) => {
      const { wait, after } = takeTurn(lines.get(origin) ?? 0, performance.now(), pace);
      if (signal.aborted || wait > longestWaitMs) return false;
      lines.set(origin, after);
      if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
      return !signal.aborted;
    },
  };
}
