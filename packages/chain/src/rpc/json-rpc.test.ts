import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { HttpRequestError, ResponseBodyTooLargeError, RpcRequestError, TimeoutError } from "viem";
import { afterEach, beforeEach, expect, test } from "vitest";
import { overHttp } from "./json-rpc.ts";

type Asked = { id: number; method: string; params?: unknown };
let server: Server;
let url: string;
/** Of each request, what was asked in it. */
let came: Asked[][];
let respond: (asked: Asked[], response: ServerResponse, request: IncomingMessage) => void;

const echo = ({ id, method, params }: Asked) => ({ jsonrpc: "2.0", id, result: [method, params] });
const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.statusCode = status;
  response.end(JSON.stringify(body));
};

beforeEach(async () => {
  came = [];
  respond = (asked, response) => json(response, asked.map(echo).toReversed());
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks = (await request.toArray()) as Buffer[];
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked[];
    came.push(asked);
    respond(asked, response, request);
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

const open = (options: Partial<Parameters<typeof overHttp>[1]> = {}) =>
  overHttp(url, { timeout: 5_000, batchSize: 100, ...options });

test("what is asked together goes together, and each has his own answer, in whatever order they come", async () => {
  const send = open();
  const found = await Promise.all([send({ method: "a", params: [1] }), send({ method: "b", params: [2] })]);
  expect(found).toEqual([
    ["a", [1]],
    ["b", [2]],
  ]);
  expect(came.map((asked) => asked.length)).toEqual([2]);
});

test("no request holds more than it may", async () => {
  const send = open({ batchSize: 2 });
  await Promise.all(["a", "b", "c"].map((method) => send({ method })));
  expect(came.map((asked) => asked.map(({ method }) => method))).toEqual([["a", "b"], ["c"]]);
});

test("what cannot be written is refused to its asker alone", async () => {
  const send = open();
  const [bad, good] = await Promise.allSettled([
    send({ method: "a", params: [1n] }),
    send({ method: "b", params: [] }),
  ]);
  expect(bad).toMatchObject({ status: "rejected", reason: expect.any(TypeError) });
  expect(good).toMatchObject({ status: "fulfilled", value: ["b", []] });
});

test("an error of one question is its asker's, with code and data", async () => {
  respond = (asked, response) =>
    json(
      response,
      asked.map((one) =>
        one.method === "bad"
          ? { id: one.id, error: { code: 3, message: "reverted", data: "0x01" } }
          : { ...echo(one), error: null },
      ),
    );
  const send = open();
  const [bad, good] = await Promise.allSettled([
    send({ method: "bad" }),
    send({ method: "good", params: [] }),
  ]);
  expect(bad).toMatchObject({ reason: expect.any(RpcRequestError) });
  expect(bad).toMatchObject({ reason: { code: 3, data: "0x01", details: "reverted" } });
  expect(good).toMatchObject({ value: ["good", []] });
});

test.each<[string, typeof respond, { status?: number; details?: string }]>([
  [
    "a status that is none of success",
    (_, response) => json(response, { error: { code: -32_005, message: "slow down" } }, 429),
    { status: 429, details: '{"code":-32005,"message":"slow down"}' },
  ],
  ["a page", (_, response) => response.writeHead(502).end("<html>"), { status: 502, details: "<html>" }],
  ["what is no JSON", (_, response) => response.end("well"), { status: 200 }],
  [
    "one refusal of all",
    (_, response) => json(response, { error: { code: -32_600, message: "no batches" } }),
    { status: 200, details: '{"code":-32600,"message":"no batches"}' },
  ],
  ["a list that lacks the answer", (_, response) => json(response, [null]), { details: "no answer to a" }],
  ["a connection that ends", (_, response) => response.destroy(), {}],
  [
    "an answer that ends before it should",
    (_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("[");
      setTimeout(() => response.destroy(), 20);
    },
    {},
  ],
  [
    "what is packed wrong",
    (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("well"),
    {},
  ],
])("%s is the node's fault", async (_, broken, told) => {
  respond = broken;
  const error = await open()({ method: "a" }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HttpRequestError);
  expect(error).toMatchObject(told);
});

test("a node that says nothing, or stops in the middle, is not waited for longer than told", async () => {
  respond = () => undefined;
  const send = open({ timeout: 100 });
  await expect(send({ method: "a" })).rejects.toBeInstanceOf(TimeoutError);
  respond = (_, response) => void response.writeHead(200).write("[");
  await expect(send({ method: "a" })).rejects.toBeInstanceOf(TimeoutError);
});

test("an answer without end is not taken", async () => {
  respond = (_, response) => {
    const part = "x".repeat(1_000_000);
    for (let i = 0; i < 12; i++) response.write(part);
    response.end();
  };
  await expect(open()({ method: "a" })).rejects.toBeInstanceOf(ResponseBodyTooLargeError);
});

test("a packed answer is read", async () => {
  respond = (asked, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(JSON.stringify(asked.map(echo))));
  expect(await open()({ method: "a", params: [] })).toEqual(["a", []]);
});

test("name and password of a URL go in the header that is theirs", async () => {
  let header: string | undefined;
  respond = (asked, response, request) => {
    header = request.headers.authorization;
    json(response, asked.map(echo));
  };
  const [scheme, rest] = url.split("//");
  await overHttp(`${scheme}//me:a%40b@${rest}`, { timeout: 5_000, batchSize: 1 })({ method: "a" });
  expect(header).toBe(`Basic ${btoa("me:a@b")}`);
});

test("a kept connection that the node closes meanwhile is made anew", async () => {
  const send = open();
  await send({ method: "a" });
  const answering = respond;
  respond = (_, response) => {
    respond = answering;
    response.socket?.resetAndDestroy();
  };
  expect(await send({ method: "b", params: [] })).toEqual(["b", []]);
  expect(came.length).toBe(3);
});

test("a question that was given up is not asked again", async () => {
  const send = open();
  await send({ method: "a" });
  respond = () => undefined;
  // The connection is shared by all who ask that node.
  await expect(open({ timeout: 100 })({ method: "b" })).rejects.toBeInstanceOf(TimeoutError);
  respond = (asked, response) => json(response, asked.map(echo));
  await send({ method: "c" });
  expect(came.map(([asked]) => asked?.method)).toEqual(["a", "b", "c"]);
});
