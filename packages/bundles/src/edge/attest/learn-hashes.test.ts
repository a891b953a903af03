import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "@sooth/kernel";
import { configureLogs, logger } from "@sooth/runtime";
import { numberToHex } from "viem";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Bundle, bundleToWire } from "../../core/index.ts";
import { HashLearner } from "./learn-hashes.ts";

beforeAll(() => configureLogs({ level: "silent" }));
const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(closes.splice(0).map((close) => close()));
});

/** A collector that answers as told, and a learner that asks it. */
async function collector(answer: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closes.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const learned: Hex[] = [];
  const learner = new HashLearner({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    signal: new AbortController().signal,
    log: logger("test"),
    timeoutMs: 30_000,
    learn: (id) => learned.push(id),
  });
  return { asked, learned, learner };
}
const idOf = (n: number): Hex => numberToHex(n, { size: 32 });
const bundle: Bundle = {
  owner: `0x${"0a".repeat(20)}`,
  mode: "ordered",
  legs: 1,
  deadline: 1,
  legsHash: idOf(1),
  fee: 0n,
  salt: 0n,
};

test("a bundle is asked for once, however many batches want it, and not again for a while when nobody knows it", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { asked, learner } = await collector((_, response) => response.writeHead(404).end("{}"));
  await Promise.all([learner.ask([idOf(1)]), learner.ask([idOf(1), idOf(2)])]);
  expect(await learner.ask([idOf(1), idOf(2)])).toBe(true);
  expect(asked.toSorted()).toEqual([1, 2].map((n) => `/v1/bundles/${idOf(n)}/hashes`));
  vi.advanceTimersByTime(10_001);
  await learner.ask([idOf(1)]);
  expect(asked).toHaveLength(3);
});

test("so many are asked for at once, and whoever asks hears that some were not", async () => {
  const { asked, learner } = await collector((_, response) => response.writeHead(404).end("{}"));
  const ids = Array.from({ length: 100 }, (_, n) => idOf(n));
  expect(await learner.ask(ids)).toBe(false);
  expect(asked).toHaveLength(64);
  expect(await learner.ask(ids)).toBe(true);
  expect(asked).toHaveLength(100);
});

test("what it tells is learned", async () => {
  const { learned, learner } = await collector((_, response) =>
    response.end(JSON.stringify({ bundle: bundleToWire(bundle), hashes: [idOf(7)] })),
  );
  await learner.ask([idOf(1)]);
  expect(learned).toEqual([idOf(1)]);
});

test("an answer without end is left where it is too long", async () => {
  let isLeft = false;
  const { learned, learner } = await collector((_, response) => {
    const more = setInterval(() => response.write(" ".repeat(16_384)), 1);
    response.on("close", () => {
      clearInterval(more);
      isLeft = true;
    });
  });
  await learner.ask([idOf(1)]);
  expect(learned).toEqual([]);
  await expect.poll(() => isLeft).toBe(true);
});
