import { bloomHas, type Chain, inRanges } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { numberToHex } from "viem";
import type { LogReader, RawLog, Seen } from "./seen-logs.ts";

export type Header = { number: number; hash: Hex; parent: Hex; timestamp: number; bloom: Hex };
/** `time`: unix seconds, of the block; of one that is older than the window, of the last that was read with it. */
export type SeenIn = Seen & { block: number; time: number };

export type FeedSink = {
  /** New blocks, up to this head. */
  take(seen: readonly SeenIn[], head: Header): void;
  /** Blocks above `last` are gone; -1: all of them. */
  drop(last: number): void;
};

const placeOf = ({ blockNumber }: RawLog): number => Number(blockNumber);

/** Of nodes behind one address one may be behind the others by so much; it leaves out what it does not have, and says nothing of it. */
const BEHIND_SECONDS = 120;

/**
 * Follows one chain by polling its head, and keeps the hashes of its newest blocks. A block is handed on once, in order, with
 * all that its logs say; a branch that is gone is dropped down to the fork. Deeper than the window everything is read again.
 */
export class ChainFeed {
  head: Header | null = null;
  /** All that the node showed at this moment (of `performance.now()`) has been handed on. */
  readAt = Number.NEGATIVE_INFINITY;
  readonly #chain: Chain;
  readonly #reader: LogReader;
  readonly #from: number;
  readonly #window: number;
  readonly #sink: FeedSink;
  readonly #hashes = new Map<number, Hex>();

  constructor(o: { chain: Chain; reader: LogReader; from: number; window: number; sink: FeedSink }) {
    this.#chain = o.chain;
    this.#reader = o.reader;
    this.#from = o.from;
    this.#window = o.window;
    this.#sink = o.sink;
  }

  /** Of a block that is in the window. */
  hashOf(block: number): Hex | null {
    return this.#hashes.get(block) ?? null;
  }

  /** Reads what is new; false when nothing is, or when the chain changed meanwhile. @throws when the node does not answer */
  async poll(): Promise<boolean> {
    const began = performance.now();
    const head = await this.#header("latest");
    if (head === null) return false;
    if (head.hash === this.head?.hash) {
      this.readAt = began;
      return false;
    }
    const fresh = await this.#freshUpTo(head);
    if (fresh === null) return false;
    const { fork, headers } = fresh;
    const seen = await this.#seenIn(fork + 1, head, headers);
    if (seen === null) return false;
    if (this.head !== null && fork < this.head.number) this.#dropAbove(fork);
    for (const header of headers) this.#hashes.set(header.number, header.hash);
    for (const number of this.#hashes.keys()) {
      if (number > head.number - this.#window) break;
      this.#hashes.delete(number);
    }
    this.head = head;
    this.readAt = began;
    this.#sink.take(seen, head);
    return true;
  }

  /** The last block that both branches have, and the headers above it that are kept; null when they do not fit together. */
  async #freshUpTo(head: Header): Promise<{ fork: number; headers: Header[] } | null> {
    const last = this.head;
    if (last !== null && head.number === last.number + 1 && head.parent === last.hash)
      return { fork: last.number, headers: [head] };
    const fork = last === null ? this.#from - 1 : await this.#forkBelow(last, head);
    if (fork === null) {
      // The branches part below all that is remembered: nothing that was read of this chain is known to stand.
      this.#dropAbove(this.#from - 1);
      this.head = null;
      return null;
    }
    const first = Math.max(this.#from, fork + 1, head.number - this.#window + 1);
    const headers = first <= head.number ? await this.#headers(first, head) : [];
    const lowest = headers?.[0];
    const fits = lowest?.number !== fork + 1 || fork < this.#from || lowest.parent === this.#hashes.get(fork);
    return headers !== null && fits ? { fork, headers } : null;
  }

  /** Asks downwards for a block that is still one of ours. */
  async #forkBelow(last: Header, head: Header): Promise<number | null> {
    for (let at = Math.min(last.number, head.number); at >= this.#from; at--) {
      const ours = this.#hashes.get(at);
      if (ours === undefined) return null;
      const theirs = at === head.number ? head.hash : (await this.#header(at))?.hash;
      if (theirs === ours) return at;
    }
    return this.#from - 1;
  }

  /** From `first` to the head, which are asked for one by one and must be one branch; null when they are not. */
  async #headers(first: number, head: Header): Promise<Header[] | null> {
    const lower = first < head.number ? await this.#between(first, head.number - 1) : [];
    if (lower === null || (lower.length > 0 && lower.at(-1)?.hash !== head.parent)) return null;
    return [...lower, head];
  }

  async #between(first: number, last: number): Promise<Header[] | null> {
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const headers = await Promise.all(numbers.map((number) => this.#header(number)));
    const isOne = headers.every(
      (header, index) => header !== null && (index === 0 || header.parent === headers[index - 1]?.hash),
    );
    return isOne ? (headers as Header[]) : null;
  }

  /** What the logs of these blocks say; null when one is of a block that is not on this branch. */
  async #seenIn(first: number, head: Header, headers: readonly Header[]): Promise<SeenIn[] | null> {
    if (first > head.number) return [];
    const times = new Map(headers.map(({ number, timestamp }) => [number, timestamp]));
    const logs: (RawLog & { time: number })[] = [];
    const add = (found: readonly RawLog[], last: number) => {
      for (const log of found) logs.push({ ...log, time: times.get(Number(log.blockNumber)) ?? last });
    };
    // By its hash: the answer is of this block, or none.
    if (first === head.number) add(await this.#logs({ blockHash: head.hash }), head.timestamp);
    else
      await inRanges({ from: first, to: head.number }, async ({ fromBlock, toBlock }) => {
        const found = await this.#logs({ fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) });
        const last = times.get(Number(toBlock));
        const isOld = last === undefined && found.length > 0;
        add(found, (isOld ? (await this.#header(Number(toBlock)))?.timestamp : last) ?? head.timestamp);
        return undefined;
      });
    if (first < head.number) {
      for (const found of await this.#leftOut(head, headers, logs)) add(found, head.timestamp);
      logs.sort((a, b) => placeOf(a) - placeOf(b) || Number(a.logIndex) - Number(b.logIndex));
    }
    const hashes = new Map(headers.map(({ number, hash }) => [number, hash]));
    const seen: SeenIn[] = [];
    for (const log of logs) {
      const block = placeOf(log);
      const hash = hashes.get(block);
      if (hash !== undefined && hash !== log.blockHash) return null;
      const said = this.#reader.read(log);
      if (said !== null) seen.push({ ...said, block, time: log.time });
    }
    return seen;
  }

  /** Logs of new blocks that may have some, by their own account, and of which a range had none: asked for by their hashes. */
  #leftOut(head: Header, headers: readonly Header[], logs: readonly RawLog[]) {
    const answered = new Set(logs.map(placeOf));
    const suspect = headers.filter(
      ({ number, timestamp, bloom }) =>
        timestamp > head.timestamp - BEHIND_SECONDS && !answered.has(number) && this.#mayHaveLogs(bloom),
    );
    return Promise.all(suspect.map(({ hash }) => this.#logs({ blockHash: hash })));
  }

  #mayHaveLogs(bloom: Hex): boolean {
    const has = (value: Hex) => bloomHas(bloom, value);
    return this.#reader.addresses.some(has) && this.#reader.topics.some(has);
  }

  #logs(where: { blockHash: Hex } | { fromBlock: Hex; toBlock: Hex }): Promise<RawLog[]> {
    return this.#chain.client.request({
      method: "eth_getLogs",
      params: [{ address: [...this.#reader.addresses], topics: [[...this.#reader.topics]], ...where }],
    }) as Promise<RawLog[]>;
  }

  async #header(at: number | "latest"): Promise<Header | null> {
    const block = await this.#chain.client.request({
      method: "eth_getBlockByNumber",
      params: [at === "latest" ? at : numberToHex(at), false],
    });
    if (!block) return null;
    return {
      number: Number(block.number),
      hash: need(block.hash, "the hash of a mined block"),
      parent: block.parentHash,
      timestamp: Number(block.timestamp),
      bloom: block.logsBloom ?? "0x",
    };
  }

  #dropAbove(last: number): void {
    for (const number of this.#hashes.keys()) if (number > last) this.#hashes.delete(number);
    this.#sink.drop(last);
  }
}
