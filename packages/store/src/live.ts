import { logger } from "@sooth/runtime";
import { listen, notify, notifyAll } from "./listen.ts";
import { StoreError } from "./store-error.ts";
import type { Executor, Store } from "./store.ts";

/** Something that changed, for those who are looking at it now. A listener that was away asks the API, not the past. */
export type LiveEvent = {
  topic: "block" | "market" | "question" | "activity" | "relay" | "provider" | "feed" | "comment" | "bundle";
  id: string;
  /** Left out when too large to be sent with it: ask for `id` then. */
  data?: unknown;
};

const CHANNEL = "sooth_live";
// Postgres refuses a payload of 8000 bytes. Source: PostgreSQL 18, NOTIFY.
const MAX_BYTES = 7_999;
const log = logger("store");

/** Tells every listener once `tx` commits, and nobody when it does not. @throws store.event_too_large */
export async function notifyLive(tx: Executor, event: LiveEvent): Promise<void> {
  await notify(tx, CHANNEL, payloadOf(event));
}

/** The same of many at once, in this order. */
export async function notifyLiveAll(tx: Executor, events: readonly LiveEvent[]): Promise<void> {
  if (events.length > 0) await notifyAll(tx, CHANNEL, events.map(payloadOf));
}

function payloadOf(event: LiveEvent): string {
  const whole = JSON.stringify(event);
  const text = fits(whole) ? whole : JSON.stringify({ topic: event.topic, id: event.id });
  if (!fits(text))
    throw StoreError.event_too_large({ topic: event.topic, bytes: Buffer.byteLength(event.id) });
  return text;
}

const fits = (text: string): boolean => Buffer.byteLength(text) <= MAX_BYTES;

/**
 * Calls `onEvent` for every event until `signal` aborts, then returns. Listens again by itself after the database was
 * away; what was told meanwhile is not told again, and `onRelisten` says that something may have been missed.
 */
export async function listenLive(
  store: Store,
  onEvent: (event: LiveEvent) => void,
  signal: AbortSignal,
  onRelisten: () => void = () => {},
): Promise<void> {
  await listen(store, CHANNEL, signal, {
    onNotice: (payload) => deliver(payload, onEvent),
    onRelisten: () => guarded(onRelisten),
  });
}

const deliver = (payload: string, onEvent: (event: LiveEvent) => void): void =>
  guarded(() => onEvent(JSON.parse(payload) as LiveEvent));

function guarded(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    // Thrown from here it would end the process; one bad event or listener must not deafen the others.
    log.error({ err: error }, "a live event could not be delivered");
  }
}
