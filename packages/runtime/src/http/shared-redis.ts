import { Redis } from "ioredis";
import type { Logger } from "../logger.ts";

/** A limit that waits longer than this for Redis would cost more than what it guards. */
const REDIS_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2000;
const WARN_EVERY_MS = 10_000;

/**
 * What replicas count together in. It never queues: a command that cannot be sent now fails now. So it is given out only when
 * it is there, or has failed to be once: the first requests of a server would else pass uncounted.
 */
export async function openRedis(url: string, log: Logger): Promise<Redis> {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: REDIS_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
  });
  const warn = seldom(log);
  redis.on("error", (error: Error) => warn(error));
  await new Promise<void>((resolve) => {
    redis.once("ready", resolve);
    // Closed without an error is away, too.
    for (const away of ["error", "close"]) redis.once(away, () => resolve());
  });
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
