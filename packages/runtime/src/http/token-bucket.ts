import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import type { Logger } from "../logger.ts";
import { counter } from "../metrics.ts";
import { seldom } from "./shared-redis.ts";

const unshared = counter(
  "http_buckets_unshared_total",
  "Requests counted by this process alone because Redis did not answer",
);

/** How fast tokens come back, and how many can be saved up. */
export type Rate = { perSecond: number; burst: number };
export type Taken = { ok: true } | { ok: false; retryAfterSeconds: number };
export type Buckets = { take(id: string, cost: number, rate: Rate): Promise<Taken> };

/**
 * A token bucket as one number (GCRA, ATM Forum TM 4.0): the moment at which it will be full again. Taking `cost` tokens
 * moves it on; where it would lie further ahead than a whole bucket takes to fill, there are too few. Times are
 * milliseconds. A cost above the bucket's size counts as a whole bucket, or it could never be paid.
 */
export function takeTokens(
  fullAt: number,
  now: number,
  cost: number,
  rate: Rate,
): { fullAt: number } | { waitMs: number } {
  const each = 1000 / rate.perSecond;
  const next = Math.max(fullAt, now) + Math.min(cost, rate.burst) * each;
  const over = next - now - rate.burst * each;
  // A billionth of a second of rounding is nobody's fault.
  return over > 1e-6 ? { waitMs: over } : { fullAt: next };
}

const taken = (waitMs: number): Taken =>
  waitMs > 0 ? { ok: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) } : { ok: true };

/** Whoever is forgotten begins with a full bucket, so there is room for more callers than come in a burst's time. */
const MOST_CALLERS = 50_000;

/** Buckets of this process. */
export function localBuckets(clock: () => number = () => performance.now()): Buckets {
  const fullAt = new LRUCache<string, number>({ max: MOST_CALLERS });
  return {
    take: async (id, cost, rate) => {
      const next = takeTokens(fullAt.get(id) ?? 0, clock(), cost, rate);
      if ("waitMs" in next) return taken(next.waitMs);
      fullAt.set(id, next.fullAt);
      return { ok: true };
    },
  };
}

// The same as `takeTokens`, by Redis's own clock: replicas need not agree on the time.
const SCRIPT = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local each = 1000 / tonumber(ARGV[2])
local burst = tonumber(ARGV[3])
local held = tonumber(redis.call('GET', KEYS[1]) or '0')
local fullAt = math.max(held, now) + math.min(tonumber(ARGV[1]), burst) * each
local over = fullAt - now - burst * each
if over > 0.001 then return math.ceil(over) end
redis.call('SET', KEYS[1], string.format('%.3f', fullAt), 'PX', math.ceil(fullAt - now) + 1)
return 0`;

/** Buckets that all replicas share. While Redis is away each process counts for itself. */
export function sharedBuckets(redis: Redis, log: Logger): Buckets {
  const local = localBuckets();
  const warn = seldom(log);
  return {
    take: async (id, cost, rate) => {
      try {
        return taken(
          Number(await redis.eval(SCRIPT, 1, `sooth:bucket:${id}`, cost, rate.perSecond, rate.burst)),
        );
      } catch (error) {
        unshared.inc();
        warn(error);
        return local.take(id, cost, rate);
      }
    },
  };
}
