import type { App } from "@sooth/runtime";
import { type LiveEvent, listenLive, type Store } from "@sooth/store";
import type { z } from "zod";

type About = {
  /** The one market that the answer speaks of; without it any change may change the answer. */
  market?: string;
  /** The answer does not depend on the clock, only on what happens. */
  timeless?: boolean;
  /** It tells of what has ended, and is dear: it may be as old as timeless ones whatever happens, but for a reorg. */
  ended?: boolean;
};
/** JSON text of answers that many ask for at the same time. */
export type ReadCache = {
  /** The answer for `key`, made once for all who ask meanwhile, checked against `shape`. */
  json<T extends z.ZodType>(
    key: string,
    shape: T,
    make: () => Promise<z.input<T>>,
    about?: About,
  ): Promise<string>;
};

/** Statuses follow the clock of the chain, whose blocks are a second apart at least. */
const FRESH_MS = 1_000;
/** As long as an answer may be old when the database does not tell of changes for a while. */
const TIMELESS_MS = 10_000;
const MOST = 1_000;

/**
 * Answers are held for a moment, and dropped at once when something happens that may change them: whoever is told of a
 * change and asks again gets the new state.
 */
export function openReadCache(app: App, store: Store): ReadCache {
  const held = new Map<string, About & { until: number; text: Promise<string> }>();
  const stop = new AbortController();
  const drop = (event: LiveEvent) => {
    for (const [key, about] of held) if (mayChange(event, about)) held.delete(key);
  };
  // From the first answer on: a server that only describes its routes never opens a session for this.
  let listening: Promise<void> | undefined;
  app.addHook("onClose", async () => {
    stop.abort();
    await listening;
  });
  return {
    json(key, shape, make, about = {}) {
      listening ??= listenLive(store, drop, stop.signal, () => held.clear());
      const now = performance.now();
      const known = held.get(key);
      if (known && now < known.until) return known.text;
      const text = make().then((value) => JSON.stringify(shape.parse(value)));
      held.delete(key);
      held.set(key, {
        ...about,
        until: now + (about.timeless || about.ended ? TIMELESS_MS : FRESH_MS),
        text,
      });
      const [oldest] = held.keys();
      if (held.size > MOST && oldest !== undefined) held.delete(oldest);
      text.catch(() => {
        // A failed answer belongs to those who wait for it now, and to nobody after.
        if (held.get(key)?.text === text) held.delete(key);
      });
      return text;
    },
  };
}

function mayChange(event: LiveEvent, { market, timeless, ended }: About): boolean {
  if (ended && event.topic !== "block") return false;
  switch (event.topic) {
    case "market":
      return market === undefined || market === event.id;
    case "activity":
      return market === undefined;
    case "question":
      return true;
    case "block":
      // A reorg took blocks back: nothing that was said of them needs to be true.
      return !(timeless || ended) || (event.data as { reset?: boolean } | undefined)?.reset === true;
    case "relay":
    case "provider":
    case "feed":
    case "comment":
    case "bundle":
      return false;
  }
}
