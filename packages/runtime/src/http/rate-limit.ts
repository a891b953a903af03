import rateLimit, { type FastifyRateLimitStore } from "@fastify/rate-limit";
import type { Redis } from "ioredis";
import type { Logger } from "../logger.ts";
import { alert, counter } from "../metrics.ts";
import { HttpError } from "./errors.ts";
import type { App, HttpOptions } from "./options.ts";
import { seldom } from "./shared-redis.ts";

const refused = counter("http_rate_limited_total", "Requests refused because their sender made too many");
const unlimited = counter(
  "http_rate_limit_open_total",
  "Requests let through uncounted because Redis did not answer",
);
export const rateLimitOpenAlert = alert({
  id: "http.rate_limit_open",
  severity: "ticket",
  forSeconds: 300,
  when: `increase(${unlimited.metric}[5m]) > 0`,
  runbook: "docs/runbooks/http.md#rate-limit-open",
});

/**
 * Limits routes that write, per client address and over all of them together; a route's own `config.rateLimit`
 * replaces it, for reads too. With `redisUrl` the counts are shared by all replicas. When Redis is away requests pass:
 * being open for a while harms less than being closed.
 */
export async function limitRates(app: App, options: HttpOptions, redis: Redis | undefined): Promise<void> {
  const limit = options.rateLimit;
  if (!limit) return;
  app.addHook("onRoute", (route) => {
    const reads = [route.method]
      .flat()
      .every((method) => method === "GET" || method === "HEAD" || method === "OPTIONS");
    if (reads && route.config?.rateLimit === undefined) route.config = { ...route.config, rateLimit: false };
  });
  await app.register(rateLimit, {
    max: limit.max,
    timeWindow: limit.windowSeconds * 1000,
    ...(redis ? { store: sharedCounts(redis, options.log) } : {}),
    errorResponseBuilder: (_request, context) => {
      refused.inc();
      return HttpError.too_many_requests({ retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / 1000)) });
    },
  });
}

type Counted = (error: Error | null, result?: { current: number; ttl: number }) => void;

/** Counts in Redis: INCR, and an expiry that the first request of a window sets. */
function sharedCounts(redis: Redis, log: Logger): new () => FastifyRateLimitStore {
  const warn = seldom(log);
  const countOrPass = async (key: string, windowMs: number) => {
    try {
      return await count(redis, key, windowMs);
    } catch (error) {
      unlimited.inc();
      warn(error);
      return { current: 0, ttl: 0 };
    }
  };
  return class SharedCounts implements FastifyRateLimitStore {
    readonly #prefix: string;
    // The plugin makes the first one itself and passes its settings.
    constructor(prefix?: unknown) {
      this.#prefix = typeof prefix === "string" ? prefix : "sooth:limit:";
    }
    async incr(key: string, done: Counted, windowMs: number): Promise<void> {
      done(null, await countOrPass(this.#prefix + key, windowMs));
    }
    child(limited: object): FastifyRateLimitStore {
      const { routeInfo: route } = limited as { routeInfo: { method: unknown; url: string } };
      return new SharedCounts(`${this.#prefix}${String(route.method)}${route.url}:`);
    }
  };
}

async function count(redis: Redis, key: string, windowMs: number): Promise<{ current: number; ttl: number }> {
  const replies = await redis.pipeline().incr(key).pexpire(key, windowMs, "NX").pttl(key).exec();
  const [current, , ttl] = (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return Number(value);
  });
  return { current: current ?? 0, ttl: Math.max(0, ttl ?? 0) };
}
