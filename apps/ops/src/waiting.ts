import { setTimeout as delay } from "node:timers/promises";
import { OpsError } from "./ops-error.ts";

const POLL_MS = 100;

/**
 * Asks `look` until it returns something other than undefined. What it throws counts as "not yet".
 * @param o.lost why it cannot come any more: thrown at once
 * @throws ops.not_in_time with what was seen last
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  o: { seconds: number; saw?: () => string; everyMs?: number; lost?: () => Error | undefined },
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
    const lost = o.lost?.();
    if (lost) throw lost;
    await delay(o.everyMs ?? POLL_MS);
  }
  throw OpsError.not_in_time({ waitedFor: what, seconds: o.seconds, saw: last }, { cause });
}
