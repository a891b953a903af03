import { RuntimeError } from "./runtime-error.ts";
import type { Logger } from "./logger.ts";

/** Parts that run, in the order of their start. */
export type Lifecycle = {
  /** Starts a part; what `start` returns stops it again. A part that fails to start leaves the others running. */
  add(name: string, start: () => Promise<() => Promise<void>>): Promise<void>;
  /** Stops all parts, last first. A part that fails to stop is logged and does not keep the others. Safe to call twice. */
  stop(timeoutMs?: number): Promise<void>;
};

/** Enough for requests in flight (30 s) and for what must be written after them. */
const STOP_TIMEOUT_MS = 40_000;
const LAST_MOMENT_MS = 250;

export function createLifecycle(log: Logger): Lifecycle {
  const running: { name: string; stop: () => Promise<void> }[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    for (let part = running.pop(); part; part = running.pop()) {
      const { name, stop } = part;
      try {
        // Whatever hung before it, each part gets a moment of its own.
        await within(stop(), Math.max(LAST_MOMENT_MS, Math.round(until - performance.now())), name);
        log.debug({ part: name }, "stopped");
      } catch (error) {
        log.error({ part: name, err: error }, "did not stop cleanly");
      }
    }
  }

  return {
    add: async (name, start) => {
      const stop = await start();
      running.push({ name, stop });
      // Stopped while this part was starting: nobody else will stop it.
      if (stopping) await stopAll(STOP_TIMEOUT_MS);
    },
    stop: (timeoutMs = STOP_TIMEOUT_MS) => (stopping ??= stopAll(timeoutMs)),
  };
}

async function within(work: Promise<void>, ms: number, part: string): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(RuntimeError.stop_timed_out({ part, afterMs: ms })), ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for SIGINT or SIGTERM, then stops everything. A second signal ends the process at once, for a person who does
 * not want to wait. Resolves with the signal's name once all parts have stopped.
 */
export async function runUntilSignal(lifecycle: Lifecycle): Promise<NodeJS.Signals> {
  const told = Promise.withResolvers<NodeJS.Signals>();
  let first = true;
  const onSignal = (signal: NodeJS.Signals) => {
    if (!first) process.exit(130);
    first = false;
    told.resolve(signal);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const signal = await told.promise;
  await lifecycle.stop();
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  return signal;
}
