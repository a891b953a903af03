import { gauge, counter } from "./metrics.ts";

const listeners = gauge("live_clients", "Open event streams");
const dropped = counter(
  "live_clients_dropped_total",
  "Event streams closed because the client read too slowly",
);

/** Something that changed. `id` names the thing: a market's id, a block's number. */
export type LiveChange = { topic: string; id: string; data?: unknown };

/** One connection: `write` sends bytes and says how many wait unsent; `end` closes it after what was written. */
export type LiveClient = { write(text: string): number; end(): void; drop(): void };

type Entry = { seq: number; topic: string; text: string };
type Listener = { client: LiveClient; topics: ReadonlySet<string> | undefined };

/** A client that lets this much pile up is gone or hopeless; it comes back with Last-Event-ID. */
const MAX_UNSENT_BYTES = 1_048_576;

export type LiveHubOptions = {
  /** How many past events a client that comes back can be given. */
  keep?: number;
  maxClients?: number;
};

/**
 * Hands changes to the open event streams of this process. Each event has an id `<run>-<number>`; numbers grow by one.
 * A client that returns with its last id gets what it missed. Where that is no longer known (too long ago, or another
 * process's id), it gets one `reset` event: what it shows may be old and must be read anew.
 */
export class LiveHub {
  readonly #run = `${Date.now().toString(36)}${Math.floor(Math.random() * 46_656).toString(36)}`;
  readonly #keep: number;
  readonly #maxClients: number;
  readonly #listeners = new Set<Listener>();
  #ring: Entry[] = [];
  #seq = 0;
  #closed = false;

  constructor(options: LiveHubOptions = {}) {
    this.#keep = options.keep ?? 4096;
    this.#maxClients = options.maxClients ?? 2000;
  }

  get size(): number {
    return this.#listeners.size;
  }

  get full(): boolean {
    return this.#closed || this.#listeners.size >= this.#maxClients;
  }

  publish(event: LiveChange): void {
    this.#seq += 1;
    const text = this.#event(
      event.topic,
      JSON.stringify({ id: event.id, data: event.data ?? null }, decimal),
    );
    this.#ring.push({ seq: this.#seq, topic: event.topic, text });
    // Trimmed by halves: removing the first of thousands on every event would copy them all each time.
    if (this.#ring.length >= this.#keep * 2) this.#ring = this.#ring.slice(-this.#keep);
    for (const listener of this.#listeners)
      if (!listener.topics || listener.topics.has(event.topic)) this.#send(listener, text);
  }

  /** Connects a client; what it missed since `lastEventId` is sent first. Returns the function that disconnects it. */
  join(client: LiveClient, options: { topics?: ReadonlySet<string>; lastEventId?: string }): () => void {
    const listener: Listener = { client, topics: options.topics };
    this.#listeners.add(listener);
    listeners.set(this.#listeners.size);
    for (const text of this.#missed(listener, options.lastEventId)) this.#send(listener, text);
    return () => this.#leave(listener);
  }

  /** A comment to every stream, so that proxies keep it open and dead clients are noticed. */
  beat(): void {
    for (const listener of this.#listeners) this.#send(listener, ": beat\n\n");
  }

  /** Ends all streams and refuses new ones. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) {
      this.#leave(listener);
      listener.client.end();
    }
  }

  #missed(listener: Listener, lastEventId: string | undefined): string[] {
    // The current position, so that a client that saw no event yet can also come back and miss nothing.
    const hello = this.#event("hello", "{}");
    if (lastEventId === undefined || lastEventId === "") return [hello];
    const [run, number] = lastEventId.split("-");
    const seen = Number(number);
    const oldest = this.#ring.length > this.#keep ? this.#ring.length - this.#keep : 0;
    const first = this.#ring[oldest]?.seq ?? this.#seq + 1;
    if (run !== this.#run || !Number.isSafeInteger(seen) || seen + 1 < first || seen > this.#seq)
      return [this.#event("reset", "{}")];
    return this.#ring
      .filter((entry) => entry.seq > seen && (!listener.topics || listener.topics.has(entry.topic)))
      .map((entry) => entry.text)
      .concat(hello);
  }

  #event(topic: string, data: string): string {
    return `id: ${this.#run}-${this.#seq}\nevent: ${topic}\ndata: ${data}\n\n`;
  }

  #send(listener: Listener, text: string): void {
    if (listener.client.write(text) <= MAX_UNSENT_BYTES) return;
    dropped.inc();
    this.#leave(listener);
    listener.client.drop();
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener);
    listeners.set(this.#listeners.size);
  }
}

const decimal = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value;
