import { logger } from "@sooth/runtime";
import { sql } from "kysely";
import { listen, notifyAll } from "./listen.ts";
import { aborted } from "./session.ts";
import { StoreError } from "./store-error.ts";
import { type Executor, one, rows, type Store } from "./store.ts";

/** What is told of: whoever listens may ask for some of these alone. */
export const LIVE_TOPICS = [
  "activity",
  "block",
  "bundle",
  "comment",
  "feed",
  "market",
  "provider",
  "question",
  "relay",
] as const;

/** Something that changed, for those who are looking at it now. The last thousands are kept: see {liveSince}. */
export type LiveEvent = {
  topic: (typeof LIVE_TOPICS)[number];
  id: string;
  /** Left out when too large to be sent with it: ask for `id` then. */
  data?: unknown;
};

const CHANNEL = "sooth_live";
// Postgres refuses a payload of 8000 bytes. Source: PostgreSQL 18, NOTIFY.
const MAX_BYTES = 7_999;
/** Of more than this whoever was away reads everything anew, which is less. */
const MOST_REPLAYED = 4_096;
const log = logger("store");

/** Tells every listener once `tx` commits, and nobody when it does not. @throws store.event_too_large */
export async function notifyLive(tx: Executor, event: LiveEvent): Promise<void> {
  await notifyLiveAll(tx, [event]);
}

/** The same of many at once, in this order. */
export async function notifyLiveAll(tx: Executor, events: readonly LiveEvent[]): Promise<void> {
  if (events.length === 0) return;
  const payloads = events.map(payloadOf);
  await sql`insert into store.live_events (block, payload)
    select block, payload from unnest(${events.map(blockOf)}::bigint[], ${payloads}::text[])
      with ordinality as told (block, payload, place) order by place`.execute(tx);
  await notifyAll(tx, CHANNEL, payloads);
}

const blockOf = ({ topic, id }: LiveEvent): string | null =>
  topic === "block" && /^\d{1,15}$/.test(id) ? id : null;

/** Forgets what nobody can be told again. */
export const forgetLive = async (tx: Executor): Promise<void> =>
  void (await sql`delete from store.live_events
    where seq < (select max(seq) from store.live_events) - ${2 * MOST_REPLAYED}`.execute(tx));

/** The newest block of the hub that was told; null before the first. */
export async function newestLiveBlock(db: Executor): Promise<number | null> {
  const found = await one<{ block: number | null }>(
    db,
    sql`select max(block) as block from store.live_events`,
  );
  return found?.block ?? null;
}

/**
 * Everything that was told after the hub's `block` was, and perhaps some of what was told shortly before: what had not ended when that block was
 * recorded may have been told after it, whatever number it has. Null where that is no longer known, or is more than 4,096 events.
 */
export async function liveSince(db: Executor, block: number): Promise<LiveEvent[] | null> {
  const found = await rows<{ payload: string }>(
    db,
    sql`with since as (
        select floor from store.live_events
          where block <= ${block} and ${block} <= (select max(block) from store.live_events)
          order by block desc, seq limit 1)
      select payload from store.live_events where tx >= (select floor from since)
        order by seq limit ${MOST_REPLAYED + 1}`,
  );
  // The block's own event is among them wherever it is known.
  if (found.length === 0 || found.length > MOST_REPLAYED) return null;
  return found.map(({ payload }) => JSON.parse(payload) as LiveEvent);
}

function payloadOf(event: LiveEvent): string {
  const whole = JSON.stringify(event);
  const text = fits(whole) ? whole : JSON.stringify({ topic: event.topic, id: event.id });
  if (!fits(text))
    throw StoreError.event_too_large({ topic: event.topic, bytes: Buffer.byteLength(event.id) });
  return text;
}

const fits = (text: string): boolean => Buffer.byteLength(text) <= MAX_BYTES;

type Listener = { onEvent: (event: LiveEvent) => void; onRelisten: () => void };
/** Those who listen through one store, and the session that tells them. */
type Audience = { listeners: Set<Listener>; stop: () => void; over: Promise<void> };
const audiences = new WeakMap<Store, Audience>();

/**
 * Calls `onEvent` for every event until `signal` aborts, then returns. Listens again by itself after the database was
 * away; what was told meanwhile is not told again, and `onRelisten` says that something may have been missed.
 *
 * All who listen through one store are told in the same turn, the first first. So an answer that was kept is dropped before
 * anybody who was told of the change can ask for it: two sessions would tell in whatever order they are scheduled.
 */
export async function listenLive(
  store: Store,
  onEvent: (event: LiveEvent) => void,
  signal: AbortSignal,
  onRelisten: () => void = () => {},
): Promise<void> {
  if (signal.aborted) return;
  const audience = audiences.get(store) ?? gather(store);
  const listener = { onEvent, onRelisten };
  audience.listeners.add(listener);
  await Promise.race([aborted(signal), audience.over]);
  audience.listeners.delete(listener);
  if (audience.listeners.size > 0) return;
  audience.stop();
  await audience.over;
}

function gather(store: Store): Audience {
  const listeners = new Set<Listener>();
  const end = new AbortController();
  // Whoever comes after its end opens another one.
  const forget = () => {
    if (audiences.get(store) === audience) audiences.delete(store);
  };
  const over = listen(store, CHANNEL, end.signal, {
    onNotice: (payload) => {
      for (const { onEvent } of listeners) deliver(payload, onEvent);
    },
    onRelisten: () => {
      for (const { onRelisten } of listeners) guarded(onRelisten);
    },
  }).finally(forget);
  const stop = () => {
    forget();
    end.abort();
  };
  const audience = { listeners, stop, over };
  audiences.set(store, audience);
  return audience;
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
