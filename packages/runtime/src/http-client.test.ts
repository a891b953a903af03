import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { AppError } from "@sooth/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askHttp, type HttpAsked } from "./http-client.ts";

let server: Server;
let url: string;
let came: { method?: string; headers: IncomingMessage["headers"]; url?: string; text: string }[];
let respond: (response: ServerResponse) => void;

beforeEach(async () => {
  came = [];
  respond = (response) => response.end("{}");
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const text = Buffer.concat((await request.toArray()) as Buffer[]).toString();
    const { method, headers, url: path } = request;
    came.push({ method, headers, url: path, text });
    respond(response);
  };
  server = createServer((request, response) => {
    void take(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const ask = (more: Partial<HttpAsked> = {}) =>
  askHttp(`${url}/v1/some?a=1`, { most: 1_000, within: 5_000, ...more });
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => "answered",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

test("what has a body is posted as JSON with its length in bytes, all else is a GET", async () => {
  const answer = await ask({ body: '"ä"', headers: { "idempotency-key": "k" } });
  expect(answer).toMatchObject({ status: 200, text: "{}" });
  await ask();
  expect(came).toMatchObject([
    {
      method: "POST",
      url: "/v1/some?a=1",
      text: '"ä"',
      headers: { "content-type": "application/json", "content-length": "4", "idempotency-key": "k" },
    },
    { method: "GET", text: "" },
  ]);
  expect(came[1]?.headers["content-type"]).toBeUndefined();
});

test.each([307, 404, 503])("an answer with status %i is an answer, with its headers", async (status) => {
  respond = (response) =>
    response.writeHead(status, { "retry-after": "3", location: "http://127.0.0.1:1/" }).end("no");
  expect(await ask()).toMatchObject({ status, headers: { "retry-after": "3" }, text: "no" });
});

test("one connection is used again", async () => {
  const sockets = new Set<unknown>();
  respond = (response) => {
    sockets.add(response.socket);
    response.end("{}");
  };
  for (let i = 0; i < 3; i++) await ask({ body: "{}" });
  expect(sockets.size).toBe(1);
});

test("what is larger than told is not taken, packed or not", async () => {
  respond = (response) => response.end("x".repeat(1_000));
  expect(await codeOf(ask())).toBe("answered");
  respond = (response) => response.end("x".repeat(1_001));
  expect(await codeOf(ask())).toBe("runtime.answer_too_long");
  respond = (response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100_000)));
  expect(await codeOf(ask())).toBe("runtime.answer_too_long");
});

test("an answer without end ends with what is taken of it", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  respond = (response) => {
    const write = () => {
      while (!response.destroyed && response.write("x".repeat(100_000)));
    };
    response.on("drain", write);
    response.on("close", resolve);
    write();
  };
  expect(await codeOf(ask({ most: 1_000_000 }))).toBe("runtime.answer_too_long");
  await closed;
});

test("silence, and an answer that takes too long as a whole, are not waited for", async () => {
  respond = () => undefined;
  expect(await codeOf(ask({ within: 100 }))).toBe("runtime.answer_too_late");
  expect(await codeOf(ask({ silence: 100 }))).toBe("runtime.answer_too_late");
  let dripping: NodeJS.Timeout | undefined;
  respond = (response) => {
    response.writeHead(200);
    dripping = setInterval(() => response.write(" "), 20);
  };
  expect(await codeOf(ask({ within: 400, silence: 200 }))).toBe("runtime.answer_too_late");
  clearInterval(dripping);
});

test("whoever gives up is told what he gave up for, before and while it is asked", async () => {
  const reason = new Error("enough");
  expect(await codeOf(ask({ signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(came).toEqual([]);
  const end = new AbortController();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  respond = (response) => {
    response.on("close", resolve);
    end.abort(reason);
  };
  expect(await codeOf(ask({ signal: end.signal }))).toBe(reason);
  await closed;
});

test("a signal that outlives many questions keeps none of them", async () => {
  const { signal } = new AbortController();
  let kept = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = ((...args: Parameters<typeof add>) => {
    kept++;
    add(...args);
  }) as typeof add;
  signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
    kept--;
    remove(...args);
  }) as typeof remove;
  await Promise.all(Array.from({ length: 5 }, () => ask({ signal })));
  respond = (response) => response.destroy();
  await codeOf(ask({ signal }));
  expect(kept).toBe(0);
});

test.each<[string, typeof respond]>([
  ["a connection that ends", (response) => response.destroy()],
  [
    "an answer that ends before it should",
    (response) => {
      response.writeHead(200, { "content-length": 100 }).write("{");
      setTimeout(() => response.destroy(), 20);
    },
  ],
  ["what is packed wrong", (response) => response.writeHead(200, { "content-encoding": "gzip" }).end("well")],
])("%s is an error, not half an answer", async (_, broken) => {
  respond = broken;
  await expect(ask()).rejects.toBeInstanceOf(Error);
});

test("a kept connection that is closed meanwhile is made anew, once", async () => {
  await ask();
  respond = (response) => {
    respond = (next) => next.end("again");
    response.socket?.resetAndDestroy();
  };
  expect(await ask({ body: "{}" })).toMatchObject({ text: "again" });
  await ask();
  respond = (response) => response.socket?.resetAndDestroy();
  await expect(ask()).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(came.length).toBe(6);
});
