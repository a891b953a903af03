import { Redis } from "ioredis";
import type { Logger } from "../logger.ts";

/** A limit that waits longer than this for Redis would cost more than what it guards. */
const REDIS_TIMEOUT_MS = 250;
const WARN_EVERY_MS = 10_000;

/** What replicas count together in. It never queues: a command that cannot be sent now fails now. */
export function openRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2000,
    commandTimeout: REDIS_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
  });
  const warn = seldom(log);
  redis.on("error", (error: Error) => warn(error));
  return redis;
}

/** A Redis that is away fails every request; one line in ten seconds says so as well as thousands. */
export function seldom(log: Logger): (error: unknown) => void {
  let last = -Infinity;
  return (error) => {
    if (performance.now() - last < WARN_EVERY_MS) return;
    last = performance.now();
    log.warn({ err: error }, "Redis does not answer: limits are not shared with other processes now");
  };
}
