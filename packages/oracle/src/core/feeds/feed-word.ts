import type { Hex } from "@sooth/kernel";

/** What an id says of its feed. Source: FeedIds.sol. */
export type FeedFields = {
  scheme: "first-party" | "values" | "agreed" | "aggregated" | null;
  domain: number;
  decimals: number;
  /** Seconds. */
  heartbeat: number;
  /** How far from the secondary feed a value may be, basis points of that; null: there is none. */
  apartBps: number | null;
};

/** In which the terms count it. Source: Feeds.sol. */
export const APART_STEP_BPS = 20;

const SCHEMES = ["first-party", "values", "agreed", "aggregated"] as const;
const bits = (word: bigint, from: bigint, count: bigint): bigint => (word >> from) & ((1n << count) - 1n);

/** The fields in the low bits of a feed's id. A scheme that there is not is null. */
export function feedFields(feed: Hex): FeedFields {
  const id = BigInt(feed);
  const apart = Number(bits(id, 72n, 8n));
  return {
    scheme: SCHEMES[Number(bits(id, 0n, 8n))] ?? null,
    domain: Number(bits(id, 8n, 8n)),
    decimals: Number(bits(id, 16n, 8n)),
    heartbeat: Number(bits(id, 24n, 24n)),
    apartBps: apart === 0 ? null : apart * APART_STEP_BPS,
  };
}

export type FeedWord = { value: bigint; observedAt: number; round: number; isHalted: boolean };

/** The newest value of a feed as the contract stores it. Source: FeedWord.sol. */
export const decodeFeedWord = (word: bigint): FeedWord => ({
  value: BigInt.asIntN(96, word),
  observedAt: Number(bits(word, 96n, 40n)),
  round: Number(bits(word, 224n, 31n)),
  isHalted: bits(word, 255n, 1n) === 1n,
});

const STALE_HEARTBEATS = 2;

/** From when on who reads it is told that it is stale, unix seconds. Source: Feeds.sol. */
export const staleFrom = (observedAt: number, heartbeat: number): number =>
  observedAt + STALE_HEARTBEATS * heartbeat + 1;
