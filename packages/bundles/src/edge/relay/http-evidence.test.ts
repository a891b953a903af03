import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "@sooth/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Fact } from "../../core/index.ts";
import { evidenceFrom } from "./http-evidence.ts";

const PREPARED: Fact[] = ["aa", "bb"].map((byte) => ({
  kind: "prepared",
  id: `0x${byte.repeat(32)}` as Hex,
}));
let server: Server;
let respond: (response: ServerResponse) => void;
let asked: { url?: string; body: { facts: unknown[]; destination: number } }[];

beforeEach(async () => {
  asked = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const text = Buffer.concat((await request.toArray()) as Buffer[]).toString();
    asked.push({ url: request.url, body: JSON.parse(text) as { facts: unknown[]; destination: number } });
    respond(response);
  };
  server = createServer((request, response) => {
    void take(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const ask = (signal = new AbortController().signal) =>
  evidenceFrom(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).ask(PREPARED, 7, signal);
const refuse = (code: string, data?: { missing: number[] }) => (response: ServerResponse) => {
  response.statusCode = 503;
  response.end(JSON.stringify({ error: { code, message: "no", data } }));
};

test("facts go to where signatures are gathered, with the chain they are for", async () => {
  respond = refuse("bundles.not_attested");
  await ask();
  expect(asked).toMatchObject([{ url: "/v1/bundles/batches", body: { destination: 7 } }]);
  expect(asked[0]?.body.facts).toHaveLength(2);
});

test("a refusal names the facts that are missing, or says that attesters are slow", async () => {
  respond = refuse("bundles.not_attested", { missing: [1, 9] });
  expect(await ask()).toMatchObject({ missing: [PREPARED[1]], isLate: false });
  respond = refuse("bundles.not_attested");
  expect(await ask()).toMatchObject({ missing: [], isLate: true });
  respond = refuse("bundles.too_many_batches");
  expect(await ask()).toMatchObject({
    missing: [],
    isLate: false,
    why: expect.stringContaining("too_many_batches"),
  });
});

test("an API that ends not, or speaks no JSON, gives no evidence", async () => {
  respond = (response) => response.end("x".repeat(4_194_305));
  await expect(ask()).rejects.toMatchObject({ code: "bundles.answer_too_long" });
  respond = (response) => response.end("<html>");
  await expect(ask()).rejects.toBeInstanceOf(SyntaxError);
});

test("whoever stops waits for no evidence", async () => {
  const end = new AbortController();
  respond = () => end.abort(new Error("stopped"));
  await expect(ask(end.signal)).rejects.toThrow("stopped");
});
