import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { ChainDefinition } from "./chains/chain-definition.ts";

/** Ends a pause before its time. Rung during a step, it lets the next follow. */
export class Bell {
  #rung = new AbortController();

  ring(): void {
    this.#rung.abort();
  }
  get rung(): AbortSignal {
    return this.#rung.signal;
  }
  /** From now on it is rung anew. */
  hush(): void {
    if (this.rung.aborted) this.#rung = new AbortController();
  }
}

/** Whoever rings without end must not have steps without end: this part of the poll time passes in any case. */
const LEAST_PAUSE = 0.1;

/** A step that fails is tried again, ever more slowly up to this, in milliseconds. */
const SLOWEST_RETRY_MS = 10_000;

/**
 * Calls `step` until `signal` aborts: again at once while it says "again", else after the chain's poll time, or when the
 * bell is rung. An error is counted, logged as "<what> failed" and tried again, unless its code is in `fatal`: then it is
 * thrown.
 */
export async function keepGoing(o: {
  what: string;
  definition: ChainDefinition;
  step: () => Promise<"again" | "idle">;
  /** Counts a failure by the code of its error. */
  failed: (code: string) => void;
  fatal?: readonly string[];
  bell?: Bell;
  signal: AbortSignal;
  log?: Logger;
}): Promise<void> {
  const { name, pollMs } = o.definition;
  let failures = 0;
  while (!o.signal.aborted) {
    try {
      o.bell?.hush();
      const next = await o.step();
      failures = 0;
      if (next === "idle") await idle(pollMs, o);
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

async function idle(ms: number, { signal, bell }: { signal: AbortSignal; bell?: Bell }): Promise<void> {
  await pause(ms * LEAST_PAUSE, signal);
  await pause(ms * (1 - LEAST_PAUSE), bell ? AbortSignal.any([signal, bell.rung]) : signal);
}

/** Waits, or returns at once when `signal` aborts: the loop looks at the signal itself. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
