import { t } from "@lingui/core/macro";
import { ApiError } from "../../api.ts";
import { untilTold } from "../../told.ts";
import type { Step } from "./use-steps.ts";

const POLL_MS = 500;
/** The server reads the chain block by block: what was mined a moment ago is known there soon. */
const KNOWN_WITHIN_MS = 60_000;
/** A stream that says nothing for so long is lost. */
const TOLD_WITHIN_MS = 10_000;

/** The last step of whatever somebody opens. */
export const listed = (run: () => Promise<void>): Step => ({
  title: t`Wait until it is listed`,
  run: (onState) => {
    onState("mining");
    return run();
  },
});

/**
 * Asks once the server's stream has spoken of `id`, which it does as soon as it has read the block; and again while it says that it
 * does not know it. Asked before, it would answer 404, which the browser writes down as an error.
 */
export async function onceKnown<T>(id: string, ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + KNOWN_WITHIN_MS;
  await untilTold(id, TOLD_WITHIN_MS);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const unknown = error instanceof ApiError && (error.status === 404 || error.status === 0);
      if (!unknown || performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
