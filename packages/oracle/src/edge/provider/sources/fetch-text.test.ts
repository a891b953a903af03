import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { fetchText } from "./fetch-text.ts";
import { originGate } from "./origin-gate.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});
const serve = async (answer: RequestListener) => {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/price`);
};
const signal = new AbortController().signal;
const read = (url: URL, over: object = {}) =>
  fetchText(url, { allowedOrigins: [url.origin], signal, timeoutMs: 3_000, ...over });

test("gives the body with its hash", async () => {
  const fetched = await read(await serve((_, response) => response.end('{"p":"1.5"}')));
  expect(fetched).toEqual({
    ok: true,
    status: 200,
    body: '{"p":"1.5"}',
    // printf '%s' '{"p":"1.5"}' | sha256sum
    sha256: "0x1fc8ed117e1a337e571c13c461226f5ec471ae05e9dd3726466927c6de6e8cba",
  });
});

test("tries again what may pass, and only that", async () => {
  let asked = 0;
  const flaky = await serve((_, response) => {
    response.statusCode = ++asked < 3 ? 503 : 200;
    response.end("1");
  });
  expect((await read(flaky)).ok).toBe(true);
  expect(asked).toBe(3);
  asked = 0;
  const refusing = await serve((_, response) => {
    asked += 1;
    response.writeHead(403).end("no");
  });
  expect(await read(refusing)).toMatchObject({ ok: false, status: 403, failed: "it answered with HTTP 403" });
  expect(asked).toBe(1);
});

test("does not wait for a source that stalls, in its head or in its body", async () => {
  const silent = await serve(() => undefined);
  expect(await read(silent, { retries: 0, timeoutMs: 300 })).toMatchObject({
    ok: false,
    failed: "it did not answer within 300 ms",
  });
  const dripping = await serve((_, response) => void response.write("["));
  expect(await read(dripping, { retries: 0, timeoutMs: 300 })).toMatchObject({
    failed: "it did not answer within 300 ms",
  });
});

test("stops reading at a megabyte, packed or not", async () => {
  // Not a matter of time: a busy machine may take long to pack and to send so much.
  const patient = { timeoutMs: 15_000, retries: 0 };
  const tooLarge = Buffer.alloc(1_048_577, " ");
  const large = await serve((_, response) => response.end(tooLarge));
  expect(await read(large, patient)).toMatchObject({ failed: "its answer is longer than 1 MB" });
  const packed = gzipSync(Buffer.alloc(20_000_000, " "));
  const bomb = await serve((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(packed),
  );
  expect(await read(bomb, patient)).toMatchObject({ failed: "its answer is longer than 1 MB" });
});

test("reads allowed origins alone, and follows no redirect to others", async () => {
  let reached = 0;
  const inner = await serve((_, response) => {
    reached += 1;
    response.end("1");
  });
  expect(await read(inner, { allowedOrigins: ["http://127.0.0.1"] })).toMatchObject({
    ok: false,
    status: null,
  });
  const outer = await serve((_, response) => response.writeHead(302, { location: inner.href }).end());
  expect(await read(outer)).toMatchObject({ ok: false, failed: "it redirects" });
  expect(reached).toBe(0);
});

test("a source that is down is told in our words", async () => {
  expect(await read(new URL("http://127.0.0.1:1/"), { retries: 0 })).toMatchObject({
    failed: "it cannot be reached",
  });
});

test("an origin is asked no oftener than its pace, whatever path, and refused when the line is too long", async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked += 1;
    response.end("1");
  });
  const gate = originGate({ perSecond: 0.001, burst: 2 }, 1_000);
  const all = await Promise.all(["/a", "/b", "/c", "/d"].map((path) => read(new URL(path, url), { gate })));
  expect(all.filter(({ ok }) => ok)).toHaveLength(2);
  expect(all.find(({ ok }) => !ok)).toMatchObject({
    failed: `${url.origin} is asked too often by this provider`,
  });
  expect(asked).toBe(2);
  const other = await serve((_, response) => response.end("1"));
  expect((await read(other, { gate })).ok).toBe(true);
});

test("whoever stops waits for no turn", async () => {
  const stop = new AbortController();
  const gate = originGate({ perSecond: 0.1, burst: 1 });
  expect(await gate.enter("https://a.test", stop.signal)).toBe(true);
  const waiting = gate.enter("https://a.test", stop.signal);
  stop.abort();
  expect(await waiting).toBe(false);
});
