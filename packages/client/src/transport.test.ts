import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { createCall, type Operation } from "./transport.ts";

type Seen = { method: string; url: string; body: string; type: string | undefined };

async function server(answer: (seen: Seen, response: ServerResponse, count: number) => void) {
  const seen: Seen[] = [];
  const http = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, body, type: headers["content-type"] };
      seen.push(one);
      answer(one, response, seen.length);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { baseUrl: `http://127.0.0.1:${(http.address() as { port: number }).port}`, seen };
}

const read: Operation = { method: "GET", path: "/v1/pets/{id}", query: ["sort", "limit"], hasBody: false };
const write: Operation = { method: "POST", path: "/v1/pets/{id}/names", query: [], hasBody: true };
const refuse = (response: ServerResponse, status: number, headers: Record<string, string> = {}) =>
  response.writeHead(status, headers).end(
    JSON.stringify({
      error: { code: "pet.asleep", message: "asleep", data: { for: 1 }, requestId: "r-1" },
    }),
  );

test("puts input into path, query and body", async () => {
  const { baseUrl, seen } = await server((_, response) => response.end('{"ok":true}'));
  const call = createCall({ baseUrl });
  expect(await call(read, { id: "a/b c", sort: "new&old", limit: undefined })).toEqual({ ok: true });
  await call(write, { id: "7", name: "Rex", tags: ["x"] });
  expect(seen).toEqual([
    { method: "GET", url: "/v1/pets/a%2Fb%20c?sort=new%26old", body: "", type: undefined },
    {
      method: "POST",
      url: "/v1/pets/7/names",
      body: '{"name":"Rex","tags":["x"]}',
      type: "application/json",
    },
  ]);
});

test("an error answer becomes an ApiError", async () => {
  const { baseUrl } = await server((_, response) => refuse(response, 409, { "retry-after": "3" }));
  const error = await createCall({ baseUrl })(read, { id: "1" }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: "pet.asleep",
    message: "asleep",
    status: 409,
    data: { for: 1 },
    requestId: "r-1",
    retryAfter: 3,
  });
});

test("an answer of a proxy, which knows no codes, does too", async () => {
  const { baseUrl } = await server((_, response) => response.writeHead(502).end("<html>Bad gateway</html>"));
  const error = await createCall({ baseUrl })(read, { id: "1" }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "http.502", status: 502 });
});

test("a read that was put off is repeated after the time asked for", async () => {
  const { baseUrl, seen } = await server((_, response, count) =>
    count < 2 ? refuse(response, 503, { "retry-after": "1" }) : response.end('{"ok":true}'),
  );
  const began = performance.now();
  expect(await createCall({ baseUrl })(read, { id: "1" })).toEqual({ ok: true });
  expect(performance.now() - began).toBeGreaterThan(990);
  expect(seen).toHaveLength(2);
});

test("gives up after its retries, at once when asked to wait for long, and never repeats a write", async () => {
  const busy = await server((_, response) => refuse(response, 429));
  await expect(createCall({ baseUrl: busy.baseUrl, retries: 1 })(read, { id: "1" })).rejects.toThrow(
    "asleep",
  );
  expect(busy.seen).toHaveLength(2);
  const long = await server((_, response) => refuse(response, 429, { "retry-after": "600" }));
  await expect(createCall({ baseUrl: long.baseUrl })(read, { id: "1" })).rejects.toThrow("asleep");
  expect(long.seen).toHaveLength(1);
  const writes = await server((_, response) => refuse(response, 503));
  await expect(createCall({ baseUrl: writes.baseUrl })(write, { id: "1" })).rejects.toThrow("asleep");
  expect(writes.seen).toHaveLength(1);
});

test("an abort ends the wait", async () => {
  const { baseUrl } = await server((_, response) => refuse(response, 503, { "retry-after": "9" }));
  const abort = new AbortController();
  const calling = createCall({ baseUrl })(read, { id: "1" }, { signal: abort.signal });
  setTimeout(() => abort.abort(), 100);
  await expect(calling).rejects.toThrow("aborted");
});
