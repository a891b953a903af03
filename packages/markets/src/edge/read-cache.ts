import type { App } from "@sooth/runtime";
import { listenLive, type Store } from "@sooth/store";
import type { z } from "zod";

/** JSON text of answers that many ask for at the same time. */
export type ReadCache = {
  /** The answer for `key`, made once for all who ask meanwhile, checked against `shape`. */
  json<T extends z.ZodType>(key: string, shape: T, make: () => Promise<z.input<T>>): Promise<string>;
};

/** Statuses follow the clock of the chain, whose blocks are a second apart at least. */
const FRESH_MS = 1_000;
const MOST = 500;

/**
 * Answers are held for a second, and dropped at once when something live happens: whoever is told of a change and asks
 * again gets the new state. The shape leaves out nothing that a fresh answer would hold.
 */
export function openReadCache(app: App, store: Store): ReadCache {
  const held = new Map<string, { until: number; text: Promise<string> }>();
  const stop = new AbortController();
  const listening = listenLive(store, () => held.clear(), stop.signal);
  app.addHook("onClose", async () => {
    stop.abort();
    await listening;
  });
  return {
    json(key, shape, make) {
      const now = performance.now();
      const known = held.get(key);
      if (known && now < known.until) return known.text;
      const text = make().then((value) => JSON.stringify(shape.parse(value)));
      held.delete(key);
      held.set(key, { until: now + FRESH_MS, text });
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
