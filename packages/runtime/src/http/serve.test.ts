import { Agent, get } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import { raw, type Running, running } from "../../test/http.ts";

/** What is held up by it fails by the time that a test has. */
const LONGER_THAN_A_TEST = 300_000;
const connections = ({ app }: Running): Promise<number> =>
  new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)));
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const slow = (gate: Promise<unknown>) => (app: Parameters<NonNullable<Parameters<typeof running>[1]>>[0]) => {
  app.get("/v1/slow", { schema: { response: { 200: z.object({ done: z.boolean() }) } } }, async () => {
    await gate;
    return { done: true };
  });
};

test("a drain fails readiness first, lets requests in flight finish, and then is gone", async () => {
  const gate = Promise.withResolvers<void>();
  const server = await running({}, slow(gate.promise), { leadMs: 150 });
  const inFlight = fetch(`${server.url}/v1/slow`);
  await wait(30);
  const stopped = server.stop();
  // Still in its lead time: a balancer is told, and others are served.
  expect((await fetch(`${server.url}/ready`)).status).toBe(503);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  await wait(250);
  await expect(fetch(`${server.url}/health`)).rejects.toThrow("fetch failed");
  gate.resolve();
  const answer = await inFlight;
  expect([answer.status, await answer.json()]).toEqual([200, { done: true }]);
  await stopped;
});

test("a request that does not finish in the time of grace is cut off", async () => {
  const server = await running({}, slow(new Promise(() => {})), { graceMs: 100 });
  const hanging = fetch(`${server.url}/v1/slow`).then(
    () => "answered",
    () => "cut off",
  );
  await wait(30);
  await server.stop();
  expect(await hanging).toBe("cut off");
});

test("a connection kept open by its client does not hold up the stop", async () => {
  const server = await running({}, () => {}, { graceMs: LONGER_THAN_A_TEST });
  const agent = new Agent({ keepAlive: true });
  await new Promise((resolve, reject) => {
    get(`${server.url}/ready`, { agent }, (response) => response.resume().on("end", resolve)).on(
      "error",
      reject,
    );
  });
  await server.stop();
  expect(await connections(server)).toBe(0);
  agent.destroy();
});

test("a connection that was opened and never used does not either", async () => {
  const server = await running({}, () => {}, { graceMs: LONGER_THAN_A_TEST });
  const unused = raw(server.port, "", LONGER_THAN_A_TEST);
  await expect.poll(() => connections(server)).toBe(1);
  await server.stop();
  expect(await unused).toBe("");
});

test("stopping twice is stopping once; a taken port is an error", async () => {
  const server = await running();
  await expect(running({}, () => {}, { port: server.port })).rejects.toThrow("EADDRINUSE");
  await Promise.all([server.stop(), server.stop()]);
});
