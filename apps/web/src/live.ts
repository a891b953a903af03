import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { z } from "zod";
import { setChainTime } from "./clock.ts";
import { setConnection } from "./connection.ts";

const TOPICS = ["block", "market", "question", "activity", "relay"] as const;
type Topic = (typeof TOPICS)[number];
const liveMessage = z.object({ id: z.string(), data: z.unknown() });
const blockData = z.object({ timestamp: z.number() });

// A block brings many events at once; each query is asked again at most once for all of them.
const GATHER_MS = 250;
const RETRY_MS = [1_000, 2_000, 4_000, 8_000];

/** What may have changed on the screen when `topic` spoke of `id`. */
export function staleKeys(topic: Topic, id: string): QueryKey[] {
  switch (topic) {
    case "block":
      return [];
    case "market":
      return [["market", id], ["markets"], ["portfolio"]];
    case "question":
      return [["question", id], ["market"], ["markets"], ["providers"], ["portfolio"]];
    case "activity":
      return [["activity"], ["balance"]];
    case "relay":
      return [["relay", id]];
  }
}

/** One stream for the whole app. It resumes after the last event seen; after a gap everything on screen is asked again. */
export function followLive(client: QueryClient): () => void {
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let hadStream = false;
  const stale = new Map<string, QueryKey>();

  const flush = () => {
    gathering = undefined;
    const keys = [...stale.values()];
    stale.clear();
    for (const queryKey of keys) void client.invalidateQueries({ queryKey });
  };
  const take = (topic: Topic, event: MessageEvent<string>) => {
    const message = liveMessage.safeParse(JSON.parse(event.data));
    if (!message.success) return;
    const block = topic === "block" ? blockData.safeParse(message.data.data) : undefined;
    if (block?.success) setChainTime(block.data.timestamp);
    for (const key of staleKeys(topic, message.data.id)) stale.set(JSON.stringify(key), key);
    if (stale.size > 0) gathering ??= setTimeout(flush, GATHER_MS);
  };
  const open = () => {
    stream = new EventSource("/v1/events");
    for (const topic of TOPICS)
      stream.addEventListener(topic, (event: MessageEvent<string>) => take(topic, event));
    // The server no longer knows what was missed.
    stream.addEventListener("reset", () => void client.invalidateQueries());
    stream.addEventListener("open", () => {
      failures = 0;
      setConnection("live");
      // Missed events follow by themselves; what failed meanwhile has to be asked again.
      if (hadStream) void client.invalidateQueries();
      hadStream = true;
    });
    stream.addEventListener("error", () => {
      setConnection("lost");
      // A broken stream comes back by itself and sends Last-Event-ID; one that was refused does not.
      if (stream?.readyState !== EventSource.CLOSED) return;
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
      failures += 1;
      clearTimeout(timer);
      timer = setTimeout(open, wait);
    });
  };
  open();
  return () => {
    stream?.close();
    clearTimeout(timer);
    clearTimeout(gathering);
  };
}
