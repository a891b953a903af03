import type { Executor } from "@sooth/store";
import type { SeenLog } from "./read-range.ts";

/** Gives each run of consecutive logs of one event to its handler, in chain order. */
export async function dispatch(tx: Executor, logs: readonly SeenLog[]): Promise<void> {
  let start = 0;
  for (let end = 1; end <= logs.length; end++) {
    const event = logs[start]?.event;
    if (!event || logs[end]?.event === event) continue;
    await event.handle(tx, logs.slice(start, end).map(({ log }) => log) as never[]);
    start = end;
  }
}
