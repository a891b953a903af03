import { setTimeout as sleep } from "node:timers/promises";

/** Waits, or returns at once when `signal` aborts: the caller's loop looks at the signal itself. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
