import { setTimeout as delay } from "node:timers/promises";
import { OpsError } from "./ops-error.ts";

const POLL_MS = 100;

/**
 * Asks `look` until it returns something other than undefined. What it throws counts as "not yet".
 * @throws ops.not_in_time with what was seen last
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  o: { seconds: number; saw?: () => string; everyMs?: number },
): Promise<T> {
  const until = performance.now() + o.seconds * 1_000;
  let last = "nothing";
  let cause: unknown;
  while (performance.now() < until) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      last = o.saw?.() ?? "nothing";
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      cause = error;
    }
    await delay(o.everyMs ?? POLL_MS);
  }
  throw OpsError.not_in_time({ waitedFor: what, seconds: o.seconds, saw: last }, { cause });
}
