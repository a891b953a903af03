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

test("a node that says a little now and then is not waited for without end", async () => {
  let dripping: NodeJS.Timeout | undefined;
  respond = (_, response) => {
    response.writeHead(200);
    dripping = setInterval(() => response.write(" "), 20);
  };
  const asked = performance.now();
  await expect(open({ timeout: 200 })({ method: "a" })).rejects.toBeInstanceOf(TimeoutError);
  expect(performance.now() - asked).toBeGreaterThan(950);
  clearInterval(dripping);
});

test("an answer without end is not taken", async () => {
  respond = (_, response) => {
    const part = "x".repeat(1_000_000);
    for (let i = 0; i < 12; i++) response.write(part);
    response.end();
  };
  const refused: unknown[] = [{ method: "a" }, logs({ fromBlock: "0x1", toBlock: "0x2" })];
  for (const one of refused)
    await expect(open()(one as Asked)).rejects.toBeInstanceOf(ResponseBodyTooLargeError);
});

const logs = (where: Record<string, string>) => ({ method: "eth_getLogs", params: [where] });
const LARGE = "x".repeat(12_000_000);

test.each([
  ["by its hash", { blockHash: "0xab" }],
  ["by its number", { fromBlock: "0x7", toBlock: "0x7" }],
])("logs of one block, asked for %s, are read though they are many", async (_, where) => {
  respond = (asked, response) =>
    json(
      response,
      asked.map(({ id }) => ({ id, result: LARGE })),
    );
  expect(await open()(logs(where))).toHaveLength(LARGE.length);
});

test("more than a block can have is not taken", { timeout: 60_000 }, async () => {
  respond = (_, response) => {
    let written = 0;
    const write = () => {
      while (written++ < 140) if (!response.write(LARGE.slice(0, 1_000_000))) return;
      response.end();
    };
    response.on("drain", write);
    write();
  };
  await expect(open()(logs({ blockHash: "0xab" }))).rejects.toBeInstanceOf(ResponseBodyTooLargeError);
});

test(
  "blocks whose logs are too many together are asked for in parts, each once more",
  { timeout: 60_000 },
  async () => {
    const text = "x".repeat(40_000_000);
    respond = (asked, response) => {
      response.write("[");
      for (const [index, { id }] of asked.entries())
        response.write(`${index > 0 ? "," : ""}{"id":${id},"result":"${text}"}`);
      response.end("]");
    };
    const send = open();
    const found = await Promise.all(
      ["0x1", "0x2", "0x3", "0x4"].map((blockHash) => send(logs({ blockHash }))),
    );
    expect(found.map((one) => (one as string).length)).toEqual(Array.from({ length: 4 }, () => text.length));
    expect(came.map((asked) => asked.length)).toEqual([4, 2, 2]);
  },
);

test("what is asked beside logs that are too many is answered", async () => {
  respond = (asked, response) =>
    json(
      response,
      asked.map(({ id, method }) => ({ id, result: method === "eth_getLogs" ? LARGE : method })),
    );
  const send = open();
  const [range, other] = await Promise.allSettled([
    send(logs({ fromBlock: "0x1", toBlock: "0x9" })),
    send({ method: "a" }),
  ]);
  expect(range).toMatchObject({ reason: expect.any(ResponseBodyTooLargeError) });
  expect(other).toMatchObject({ value: "a" });
});

test("of a node's words in an error the first are kept, and of its data all", async () => {
  const words = "no ".repeat(1_000);
  const data = `0x${"ab".repeat(1_000)}`;
  respond = (asked, response) =>
    json(
      response,
      asked.map(({ id }) => ({ id, error: { code: 3, message: words, data } })),
    );
  const error = await open()({ method: "a" }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 3, data, details: words.slice(0, 200) });
  respond = (_, response) => json(response, { error: { code: 1, message: words } }, 500);
  const broken = (await open()({ method: "a" }).catch((thrown: unknown) => thrown)) as HttpRequestError;
  expect(broken.details).toHaveLength(200);
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

test("a question is sent anew once, not through another connection that was kept", async () => {
  const send = open({ batchSize: 1 });
  const kept = new Set<unknown>();
  // Both are answered when both are there, so that each has a connection.
  let hold: (() => void)[] = [];
  respond = (asked, response) => {
    kept.add(response.socket);
    hold.push(() => json(response, asked.map(echo)));
    if (hold.length === 3) for (const answer of hold) answer();
  };
  await Promise.all(["a", "b", "c"].map((method) => send({ method })));
  expect(kept.size).toBe(3);
  hold = [];
  came = [];
  respond = (asked, response) => {
    if (kept.has(response.socket)) response.socket?.resetAndDestroy();
    else json(response, asked.map(echo));
  };
  expect(await send({ method: "d", params: [] })).toEqual(["d", []]);
  expect(came.length).toBe(2);
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
