import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { live } from "./api.ts";
import { setChainTime } from "./clock.ts";
import { onConnection } from "./connection.ts";

// A block brings many events at once; each query is asked again at most once for all of them.
const GATHER_MS = 250;

/** What may have changed on the screen when `topic` spoke of `id`. */
export function staleKeys(topic: string, id: string): QueryKey[] {
  switch (topic) {
    case "market":
      return [["market", id], ["markets"], ["portfolio"]];
    case "question":
      return [["question", id], ["market"], ["markets"], ["providers"], ["portfolio"]];
    case "activity":
      return [["activity"], ["balance"]];
    case "reset": // the server no longer knows what was missed
      return [[]];
    default:
      return [];
  }
}

/** One stream for the whole app: what it speaks of is asked again, what it missed follows when it is back. */
export async function followLive(client: QueryClient): Promise<void> {
  const stale = new Map<string, QueryKey>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    gathering = undefined;
    const keys = [...stale.values()];
    stale.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };
  // Missed events follow by themselves, but what was asked in the meantime has failed.
  onConnection((state, before) => {
    if (state === "live" && before === "lost") void client.invalidateQueries();
  });
  for await (const { topic, id, data } of live.events()) {
    const block = topic === "block" ? (data as { timestamp?: number; reset?: boolean }) : {};
    if (block.timestamp !== undefined) setChainTime(block.timestamp);
    // The chain took blocks back: all that was read of them is asked again.
    for (const key of staleKeys(block.reset ? "reset" : topic, id)) stale.set(JSON.stringify(key), key);
    if (stale.size > 0) gathering ??= setTimeout(flush, GATHER_MS);
  }
}
