import { ApiError } from "../../api.ts";
import type { Step } from "./use-steps.ts";

const POLL_MS = 500;
/** The server reads the chain block by block: what was mined a moment ago is known there soon. */
const KNOWN_WITHIN_MS = 60_000;

/** The last step of whatever somebody opens. */
export const listed = (run: () => Promise<void>): Step => ({
  title: "Wait until it is listed",
  run: (onState) => {
    onState("mining");
    return run();
  },
});

/** Tries again while the server says that it does not know this yet. */
export async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + KNOWN_WITHIN_MS;
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
