import { logger } from "./logger.ts";
import { gauge, counter } from "./metrics.ts";

const log = logger("live");

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
type Listener = {
  client: LiveClient;
  topics: ReadonlySet<string> | undefined;
  /** What is told while the past is still being read; undefined once it was sent. */
  held: string[] | undefined;
};

/** A client that lets this much pile up is gone or hopeless; it comes back with Last-Event-ID. */
const MAX_UNSENT_BYTES = 1_048_576;

export type LiveHubOptions = {
  /** How many past events a client that comes back can be given. */
  keep?: number;
  maxClients?: number;
  /** What is ever told of; left out: anything. */
  topics?: readonly string[];
  /** Everything that was told since a block of the hub, by whatever process; null where that is not known. */
  past?: (block: number) => Promise<readonly LiveChange[] | null>;
};

export type JoinOptions = {
  topics?: ReadonlySet<string> | undefined;
  lastEventId?: string | undefined;
  /** Of one who has no last id yet: what he has is as of this block. */
  fromBlock?: number | undefined;
};

/**
 * Hands changes to the open event streams of this process. Each event has an id `<run>-<number>@<block>`: numbers grow by one,
 * and the block is the hub's newest that had been told. A client that returns with its last id gets what it missed: from memory
 * when the run is this one, else everything since that block, of which it may have had some. Where that is no longer known, it gets
 * one `reset` event: what it shows may be old and must be read anew.
 */
export class LiveHub {
  readonly #run = `${Date.now().toString(36)}${Math.floor(Math.random() * 46_656).toString(36)}`;
  readonly #keep: number;
  readonly #maxClients: number;
  readonly #past: LiveHubOptions["past"];
  /** What is ever told of; undefined: anything. */
  readonly topics: readonly string[] | undefined;
  readonly #listeners = new Set<Listener>();
  #ring: Entry[] = [];
  #seq = 0;
  #block: number | undefined;
  #closed = false;

  constructor(options: LiveHubOptions = {}) {
    this.#keep = options.keep ?? 4096;
    this.#maxClients = options.maxClients ?? 2000;
    this.#past = options.past;
    this.topics = options.topics;
  }

  /** The newest block that was told before this process began to listen. */
  beginAt(block: number): void {
    this.#block ??= block;
  }

  get size(): number {
    return this.#listeners.size;
  }

  get full(): boolean {
    return this.#closed || this.#listeners.size >= this.#maxClients;
  }

  publish(event: LiveChange): void {
    this.#seq += 1;
    if (event.topic === "block" && /^\d+$/.test(event.id)) this.#block = Number(event.id);
    const text = this.#event(event.topic, dataOf(event));
    this.#ring.push({ seq: this.#seq, topic: event.topic, text });
    // Trimmed by halves: removing the first of thousands on every event would copy them all each time.
    if (this.#ring.length >= this.#keep * 2) this.#ring = this.#ring.slice(-this.#keep);
    for (const listener of this.#listeners)
      if (!listener.topics || listener.topics.has(event.topic)) this.#send(listener, text);
  }

  /** Connects a client; what it missed is sent first. Returns the function that disconnects it. */
  join(client: LiveClient, options: JoinOptions): () => void {
    const missed = this.#missed(options);
    const listener: Listener = {
      client,
      topics: options.topics,
      held: missed === undefined ? [] : undefined,
    };
    this.#listeners.add(listener);
    listeners.set(this.#listeners.size);
    if (missed === undefined) void this.#replay(listener, blockOf(options) ?? 0);
    else for (const text of missed) this.#send(listener, text);
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

  /** Undefined: it is not in memory, and the past is to be asked. */
  #missed({ topics, lastEventId = "", ...options }: JoinOptions): string[] | undefined {
    // The current position, so that a client that saw no event yet can also come back and miss nothing.
    const hello = this.#event("hello", "{}");
    const block = blockOf({ lastEventId, ...options });
    if (lastEventId === "" && block === undefined) return [hello];
    const [, run, number] = /^(\w+)-(\d+)/.exec(lastEventId) ?? [];
    const seen = Number(number);
    const oldest = this.#ring.length > this.#keep ? this.#ring.length - this.#keep : 0;
    const first = this.#ring[oldest]?.seq ?? this.#seq + 1;
    if (run !== this.#run || !Number.isSafeInteger(seen) || seen + 1 < first || seen > this.#seq)
      return block === undefined || !this.#past ? [this.#event("reset", "{}")] : undefined;
    return this.#ring
      .filter((entry) => entry.seq > seen && (!topics || topics.has(entry.topic)))
      .map((entry) => entry.text)
      .concat(hello);
  }

  /** What is told meanwhile waits, so that nothing is told twice in another order, and nothing is missed between the two. */
  async #replay(listener: Listener, block: number): Promise<void> {
    const known = await this.#past?.(block).catch((error: unknown) => {
      log.warn({ err: error, block }, "what was told since a block cannot be read");
      return null;
    });
    const wanted = known?.filter(({ topic }) => !listener.topics || listener.topics.has(topic));
    // Until all of it was sent the client is where it was: its next id is of no run, and of the same block.
    const texts = wanted?.map((event) => eventText(`past-0@${block}`, event.topic, dataOf(event)));
    const bytes = texts?.reduce((sum, text) => sum + text.length, 0) ?? 0;
    const isTold = texts !== undefined && bytes <= MAX_UNSENT_BYTES / 2;
    const held = listener.held ?? [];
    listener.held = undefined;
    if (!this.#listeners.has(listener)) return;
    const end = this.#event(isTold ? "hello" : "reset", "{}");
    for (const text of [...(isTold ? texts : []), ...held, end]) this.#send(listener, text);
  }

  #event(topic: string, data: string): string {
    const at = this.#block === undefined ? "" : `@${this.#block}`;
    return eventText(`${this.#run}-${this.#seq}${at}`, topic, data);
  }

  #send(listener: Listener, text: string): void {
    if (listener.held) return void listener.held.push(text);
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

const eventText = (id: string, topic: string, data: string): string =>
  `id: ${id}\nevent: ${topic}\ndata: ${data}\n\n`;
const dataOf = ({ id, data }: LiveChange): string => JSON.stringify({ id, data: data ?? null }, decimal);
/** The block that a client has everything of. */
const blockOf = ({ lastEventId = "", fromBlock }: JoinOptions): number | undefined => {
  if (lastEventId === "") return fromBlock;
  const block = /@(\d{1,15})$/.exec(lastEventId)?.[1];
  return block === undefined ? undefined : Number(block);
};

const decimal = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value;
