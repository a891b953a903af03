import { setTimeout as delay } from "node:timers/promises";
import { bundleHubAbi, settlerAbi } from "@sooth/abi";
import type { Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import type { Stack } from "@sooth/server";
import { encodeEventTopics, numberToHex } from "viem";

/** Milliseconds of one clock: when the block of the opening was seen, and of the last leg that ran well. */
export type Timed = { ready: number; done: number | null };
type Open = Timed & { left: number };
type RawLog = { topics: readonly Hex[]; data: Hex };

const POLL_MS = 15;
const OK = 1;
const [OPENED] = encodeEventTopics({ abi: bundleHubAbi, eventName: "Opened" });
const [RECEIPT] = encodeEventTopics({ abi: settlerAbi, eventName: "Receipt" });

const word = (data: Hex, index: number): bigint => BigInt(`0x${data.slice(2 + 64 * index, 66 + 64 * index)}`);

/** Sees by itself, in the blocks, what was opened and what ran; the bundler's own word does not count. */
export class Timing {
  /** By the ordinal of each leg. */
  readonly #open = new Map<bigint, Open>();
  readonly #all: Open[] = [];
  /** Legs whose block was read before that of their opening. */
  readonly #early = new Map<bigint, number>();
  /** What is opened from then on is seen. */
  readonly ready: Promise<void>;
  /** Resolves after the signal. */
  readonly done: Promise<void>;

  constructor({ hub, rollups, addresses }: Stack, legs: number, signal: AbortSignal) {
    const feeds = [
      follow(hub, addresses.bundleHub, OPENED, signal, ({ data }, now) =>
        this.#opened(word(data, 0), legs, now),
      ),
      ...rollups.map((chain) =>
        follow(chain, addresses.settler, RECEIPT, signal, ({ topics, data }, now) => {
          if (word(data, 0) === BigInt(OK)) this.#ran(BigInt(topics[1] ?? 0), now);
        }),
      ),
    ];
    this.ready = Promise.all(feeds.map(({ ready }) => ready)).then(() => undefined);
    this.done = Promise.all(feeds.map(({ done }) => done)).then(() => undefined);
  }

  /** Of all that were opened, in that order. */
  get seen(): readonly Timed[] {
    return this.#all;
  }

  #opened(base: bigint, legs: number, now: number): void {
    const one: Open = { ready: now, done: null, left: legs };
    this.#all.push(one);
    for (let ordinal = base; ordinal < base + BigInt(legs); ordinal++) {
      this.#open.set(ordinal, one);
      const early = this.#early.get(ordinal);
      if (early !== undefined) this.#ran(ordinal, early);
    }
  }

  #ran(ordinal: bigint, now: number): void {
    const one = this.#open.get(ordinal);
    if (!one) return void this.#early.set(ordinal, now);
    this.#open.delete(ordinal);
    if (--one.left === 0) one.done = now;
  }
}

function follow(
  { client }: Chain,
  address: Address,
  topic: Hex | readonly Hex[] | null | undefined,
  signal: AbortSignal,
  take: (log: RawLog, now: number) => void,
): { ready: Promise<void>; done: Promise<void> } {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const loop = async () => {
    let next = -1;
    while (!signal.aborted) {
      try {
        const head = Number(await client.getBlockNumber());
        if (next < 0) {
          next = head + 1;
          resolve();
        }
        if (head >= next) {
          const now = performance.now();
          const range = { fromBlock: numberToHex(next), toBlock: numberToHex(head) };
          const logs = await client.request({
            method: "eth_getLogs",
            params: [{ address, topics: [topic as Hex], ...range }],
          });
          for (const log of logs as readonly RawLog[]) take(log, now);
          next = head + 1;
        }
      } catch {
        // A node that is too busy to answer in time is asked again: what that delays was seen late by everybody.
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  return { ready, done: loop() };
}
