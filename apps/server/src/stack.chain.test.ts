import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { startStack, type Stack } from "./stack.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sooth-stack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (said: string[] = []): Promise<Stack> =>
  startStack({
    config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0" }),
    freePorts: true,
    onStep: (text) => said.push(text),
    onRepair: (text) => said.push(`repaired: ${text}`),
  });

const get = async (stack: Stack, where: string) => {
  const response = await fetch(stack.url + where);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test("a laptop starts from nothing, stops, and goes on where it was", { timeout: 120_000 }, async () => {
  const first = await start();
  const network = await get(first, "/v1/network");
  expect(network.status).toBe(200);
  expect(network.body.addresses).toEqual(first.addresses);
  await expect.poll(async () => (await get(first, "/ready")).status, { timeout: 20_000 }).toBe(200);
  const providers = await readUntil(
    async () => (await get(first, "/v1/providers")).body.items as { state: string }[],
    (items) => items.length === 4,
  );
  expect(providers.map(({ state }) => state)).toEqual(["active", "active", "active", "active"]);
  const block = await first.hub.client.getBlockNumber();
  await first.stop();

  const said: string[] = [];
  const second = await start(said);
  expect(second.addresses).toEqual(first.addresses);
  expect(await second.hub.client.getBlockNumber()).toBeGreaterThanOrEqual(block);
  expect(said.filter((text) => text.startsWith("deploying") || text.startsWith("repaired"))).toEqual([]);
  await second.stop();
});

test("a second start on the same folder is refused by name", { timeout: 60_000 }, async () => {
  const stack = await start();
  await expect(start()).rejects.toMatchObject({ code: "server.already_running" });
  expect((await get(stack, "/health")).status).toBe(200);
  await stack.stop();
});

async function readUntil<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (done(value) || Date.now() > until) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
