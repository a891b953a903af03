import { LiveHub } from "@sooth/runtime";
import { LIVE_TOPICS, listenLive, liveSince, newestLiveBlock, type Store } from "@sooth/store";

/**
 * What all processes tell, for this one's event streams, until `signal` aborts. Who comes from another process, or from this one
 * before it was started anew, is told what the database still has since his block.
 */
export async function openLiveEvents(
  store: Store,
  signal: AbortSignal,
): Promise<{ live: LiveHub; over: Promise<void> }> {
  const live = new LiveHub({ topics: LIVE_TOPICS, past: (block) => liveSince(store.db, block) });
  // What was told while nobody listened is not told again: whoever looks must read anew.
  const onRelisten = () => live.publish({ topic: "block", id: "reset", data: { reset: true } });
  const over = listenLive(store, (event) => live.publish(event), signal, onRelisten);
  const told = await newestLiveBlock(store.db);
  if (told !== null) live.beginAt(told);
  return { live, over };
}
