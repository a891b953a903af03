import { Redis } from "ioredis";
import type { Logger } from "../logger.ts";
import { gauge, onScrape } from "../metrics.ts";

const memory = gauge("redis_memory_bytes", "Memory that Redis uses, as it says itself");
const clients = gauge("redis_clients", "Connections that Redis has, of all processes");

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
  const stopTelling = onScrape(() => tellRedis(redis));
  redis.once("end", () => {
    stopTelling();
    forgetRedis();
  });
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

async function tellRedis(redis: Redis): Promise<void> {
  try {
    const said = await redis.info();
    memory.set(figureIn(said, "used_memory"));
    clients.set(figureIn(said, "connected_clients"));
  } catch {
    // Whether it answers is counted where it is asked; a figure of before would look like one of now.
    forgetRedis();
  }
}

function forgetRedis(): void {
  memory.remove();
  clients.remove();
}

const figureIn = (said: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)\\r?$`, "m").exec(said)?.[1]);
