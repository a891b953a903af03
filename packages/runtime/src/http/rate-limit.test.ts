import { createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { running, told } from "../../test/http.ts";
import { registry } from "../metrics.ts";
import type { App } from "./options.ts";

const answer = { response: { 200: z.object({ ok: z.boolean() }) } };
const ok = async () => ({ ok: true });
function routes(app: App): void {
  app.post("/v1/write", { schema: answer }, ok);
  app.get("/v1/read", { schema: answer }, ok);
  app.get("/v1/costly", { config: { rateLimit: { max: 1, timeWindow: 60_000 } }, schema: answer }, ok);
}
const write = (url: string) => fetch(`${url}/v1/write`, { method: "POST" });

/** A server that speaks as much of Redis's protocol as a counter needs. */
async function smallRedis(): Promise<{ url: string; stop(): Promise<void>; counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      const words = chunk
        .toString()
        .split("\r\n")
        .filter((word) => word !== "" && !/^[*$]/.test(word));
      for (let at = 0; at < words.length; at += 1) {
        const [command, key = ""] = [words[at]?.toLowerCase(), words[at + 1]];
        if (command === "incr") {
          counts.set(key, (counts.get(key) ?? 0) + 1);
          socket.write(`:${counts.get(key)}\r\n`);
        } else if (command === "pexpire") socket.write(":1\r\n");
        else if (command === "pttl") socket.write(":30000\r\n");
        else if (command === "info") socket.write("$18\r\nredis_version:7.0\n\r\n");
        else if (command === "hello") socket.write("%1\r\n$5\r\nproto\r\n:3\r\n");
        else if (command === "client") socket.write("+OK\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  onTestFinished(() => (server.listening ? stop() : undefined));
  return { url: `redis://127.0.0.1:${port}`, stop, counts };
}

test("writes are limited over all routes, reads only where a route says so", async () => {
  const { url } = await running({ rateLimit: { max: 2, windowSeconds: 60 } }, routes);
  expect([(await write(url)).status, (await write(url)).status]).toEqual([200, 200]);
  const refused = await write(url);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(50);
  expect(await told(refused)).toBe("429 http.too_many_requests");
  for (let count = 0; count < 5; count += 1) expect((await fetch(`${url}/v1/read`)).status).toBe(200);
  expect((await fetch(`${url}/v1/costly`)).status).toBe(200);
  expect(await told(fetch(`${url}/v1/costly`))).toBe("429 http.too_many_requests");
});

test("two replicas share their counts through Redis", async () => {
  const redis = await smallRedis();
  const limit = { rateLimit: { max: 3, windowSeconds: 60, redisUrl: redis.url } };
  const replicas = [await running(limit, routes), await running(limit, routes)];
  // A client that is still connecting lets requests through: wait until both count.
  for (const { url } of replicas)
    await expect.poll(async () => (await write(url), redis.counts.size)).toBe(1);
  redis.counts.clear();
  const statuses: number[] = [];
  for (let count = 0; count < 6; count += 1)
    statuses.push((await write(replicas[count % 2]?.url ?? "")).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
});

test("when Redis is away requests pass, and it is logged once and counted", async () => {
  const redis = await smallRedis();
  const { url, lines } = await running(
    { rateLimit: { max: 1, windowSeconds: 60, redisUrl: redis.url } },
    routes,
  );
  await expect.poll(async () => (await write(url)).status).toBe(429);
  await redis.stop();
  const before = await uncounted();
  for (let count = 0; count < 4; count += 1) expect((await write(url)).status).toBe(200);
  expect((await uncounted()) - before).toBe(4);
  const warnings = lines.filter((line) => line.includes("Redis does not answer"));
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.length).toBeLessThan(4);
});

async function uncounted(): Promise<number> {
  const { values } = (await registry.getSingleMetric("http_rate_limit_open_total")?.get()) ?? { values: [] };
  return values[0]?.value ?? 0;
}
