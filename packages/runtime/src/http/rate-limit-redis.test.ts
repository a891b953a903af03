import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { logger } from "../logger.ts";
import { scraped } from "../metrics.ts";
import { openRedis } from "./shared-redis.ts";
import { running } from "../../test/http.ts";

// The stand-in of rate-limit.test.ts counts, but knows no time; this one is the real thing, where it is installed.
const installed = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}

async function realRedis(): Promise<string> {
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void server.kill("SIGKILL"));
  for await (const chunk of server.stdout) if (String(chunk).includes("Ready to accept")) break;
  return `redis://127.0.0.1:${port}`;
}

const write = (url: string) => fetch(`${url}/v1/write`, { method: "POST" }).then((answer) => answer.status);
const answer = { response: { 200: z.object({ ok: z.boolean() }) } };

test.runIf(installed)("two replicas share a real Redis's counts, and a window ends", async () => {
  const redisUrl = await realRedis();
  const replica = () =>
    running({ rateLimit: { max: 3, windowSeconds: 1, redisUrl } }, (app) => {
      app.post("/v1/write", { schema: answer }, async () => ({ ok: true }));
    });
  const [one, two] = [await replica(), await replica()];
  const statuses = [await write(one.url), await write(two.url), await write(one.url), await write(two.url)];
  expect(statuses).toEqual([200, 200, 200, 429]);
  await expect.poll(() => write(two.url), { timeout: 30_000, interval: 300 }).toBe(200);
});

const read = ({ url }: { url: string }) => fetch(`${url}/v1/read`).then(({ status }) => status);

test.runIf(installed)("two replicas share a real Redis's buckets, which fill by its clock", async () => {
  const redisUrl = await realRedis();
  const allowance = { perSecond: 1, burst: 3, streams: 1 };
  const callers = {
    anonymous: { scopes: ["read"], allowance },
    address: allowance,
    keyPrefix: "sooth_",
    byKey: async () => ({ id: "key:one", kind: "key", scopes: ["read"], allowance }),
  };
  const replica = () =>
    running({ callers, rateLimit: { max: 100, windowSeconds: 60, redisUrl } }, (app) => {
      app.get("/v1/read", { config: { scope: "read" }, schema: answer }, async () => ({ ok: true }));
    });
  const [one, two] = [await replica(), await replica()];
  // A client that is still connecting lets each process count for itself.
  await expect
    .poll(async () => [await read(one), await read(two), await read(one), await read(two)], {
      timeout: 15_000,
      interval: 3_100,
    })
    .toEqual([200, 200, 200, 429]);
  await expect.poll(() => read(one), { timeout: 30_000, interval: 300 }).toBe(200);
});

test.runIf(installed)("what a Redis says of itself is told, and is forgotten with it", async () => {
  const redisUrl = await realRedis();
  const log = logger("redis-test");
  const redis = await openRedis(redisUrl, log);
  expect(await scraped()).toMatch(/^redis_memory_bytes [1-9]\d+$/m);
  expect(await scraped()).toMatch(/^redis_clients [1-9]\d*$/m);
  const ended = once(redis, "end");
  redis.disconnect();
  await ended;
  expect(await scraped()).not.toMatch(/^redis_(memory_bytes|clients) /m);
});
