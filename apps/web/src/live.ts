import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { live } from "./api.ts";
import { setChainTime } from "./clock.ts";
import { onConnection } from "./connection.ts";
import { watchSight } from "./sight.ts";
import { noteTold } from "./told.ts";

// A block brings many events at once; each query is asked again at most once for all of them.
const GATHER_MS = 250;

/** What may have changed on the screen when `topic` spoke of `id`. */
export function staleKeys(topic: string, id: string): QueryKey[] {
  switch (topic) {
    case "market":
      return [
        ["market", id],
        ["markets"],
        ["portfolio"],
        ["opinion-market", id],
        ["opinion-markets"],
        ["wallet-opinions"],
        ["approvals"],
        ["notifications"],
      ];
    case "question":
      return [
        ["opinion-market"],
        ["question", id],
        ["market"],
        ["markets"],
        ["providers"],
        ["portfolio"],
        ["disputes"],
        ["jury"],
        ["notifications"],
      ];
    case "dispute":
      return [["question"], ["disputes"], ["jury"]];
    case "jury":
      return [["jury", id], ["disputes"], ["question"]];
    case "provider":
      return [["providers"], ["slashes"]];
    case "comment":
      return [["comments", id], ["notifications"]];
    case "bundle":
      return [["bundle", id], ["bundles"], ["notifications"]];
    case "feed":
      return [["feeds"]];
    case "security":
      return [["security"]];
    case "activity":
      return [["activity"], ["balance"], ["solvency"]];
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
  const take = ({ topic, id, data }: LiveEvent) => {
    const block = topic === "block" ? (data as { timestamp?: number; reset?: boolean }) : {};
    if (block.timestamp !== undefined) setChainTime(block.timestamp);
    if (["market", "question", "bundle"].includes(topic)) noteTold(id);
    // The chain took blocks back: all that was read of them is asked again.
    for (const key of staleKeys(block.reset ? "reset" : topic, id)) stale.set(JSON.stringify(key), key);
    if (stale.size > 0) gathering ??= setTimeout(flush, GATHER_MS);
  };
  const sight = watchSight(window);
  for (;;) {
    await sight.seen();
    for await (const event of live.events({ signal: sight.whileSeen() })) take(event);
    // What happened while nobody looked was not told; asked by a page that is being left, it would hold up the next.
    await sight.seen();
    void client.invalidateQueries();
  }
}

type LiveEvent = { topic: string; id: string; data: unknown };
