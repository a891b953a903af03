import type { Executor } from "@sooth/store";
import type { SeenLog } from "./read-range.ts";

/** Gives each run of consecutive logs of one event to those who handle it, in chain order. */
export async function dispatch(tx: Executor, logs: readonly SeenLog[]): Promise<void> {
  let start = 0;
  for (let end = 1; end <= logs.length; end++) {
    const event = logs[start]?.event;
    if (!event || logs[end]?.event === event) continue;
    const run = logs.slice(start, end).map(({ log }) => log) as never[];
    for (const handle of event.handles) await handle(tx, run);
    start = end;
  }
}
