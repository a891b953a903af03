import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { ChainDefinition } from "./chains/chain-definition.ts";

/** A step that fails is tried again, ever more slowly up to this, in milliseconds. */
const SLOWEST_RETRY_MS = 10_000;

/**
 * Calls `step` until `signal` aborts: again at once while it says "again", else after the chain's poll time. An error
 * is counted, logged as "<what> failed" and tried again, unless its code is in `fatal`: then it is thrown.
 */
export async function keepGoing(o: {
  what: string;
  definition: ChainDefinition;
  step: () => Promise<"again" | "idle">;
  /** Counts a failure by the code of its error. */
  failed: (code: string) => void;
  fatal?: readonly string[];
  signal: AbortSignal;
  log?: Logger;
}): Promise<void> {
  const { name, pollMs } = o.definition;
  let failures = 0;
  while (!o.signal.aborted) {
    try {
      const next = await o.step();
      failures = 0;
      if (next === "idle") await pause(pollMs, o.signal);
    } catch (error) {
      if (o.signal.aborted) return;
      const code = error instanceof AppError ? error.code : "unexpected";
      if (o.fatal?.includes(code)) throw error;
      o.failed(code);
      o.log?.[failures > 0 ? "error" : "warn"]({ chain: name, err: error }, `${o.what} failed`);
      await pause(Math.min(SLOWEST_RETRY_MS, pollMs * 2 ** Math.min(failures, 10)), o.signal);
      failures++;
    }
  }
}

/** Waits, or returns at once when `signal` aborts: the loop looks at the signal itself. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
