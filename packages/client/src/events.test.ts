import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { streamEvents, type LiveEvent } from "./events.ts";

/** Each connection is answered by the next of `scripts`; the last one answers all that follow. */
async function server(...scripts: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  const asked: { url: string; last: string | undefined }[] = [];
  const http = createServer((request, response) => {
    const script = scripts[Math.min(asked.length, scripts.length - 1)];
    asked.push({ url: request.url ?? "", last: request.headers["last-event-id"] as string | undefined });
    script?.(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { baseUrl: `http://127.0.0.1:${(http.address() as { port: number }).port}`, asked };
}

const event = (id: number, topic: string, what: string) =>
  `id: run-${id}\nevent: ${topic}\ndata: ${JSON.stringify({ id: what, data: null })}\n\n`;
const hello = (id: number) => `id: run-${id}\nevent: hello\ndata: {}\n\n`;
const sends =
  (...texts: string[]) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(texts.join(""));
  };
const breaks =
  (...texts: string[]) =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(texts.join(""), () => response.destroy());
  };

async function take(count: number, events: AsyncGenerator<LiveEvent, void>): Promise<string[]> {
  const got: string[] = [];
  for await (const { topic, id } of events) if (got.push(`${topic} ${id}`) === count) break;
  return got;
}

test("gives events of the wanted topics", async () => {
  const { baseUrl, asked } = await server(
    sends(hello(0), event(1, "market", "0xa"), ": beat\n\n", event(2, "block", "7")),
  );
  expect(await take(2, streamEvents({ baseUrl }, { topics: ["market", "block"] }))).toEqual([
    "market 0xa",
    "block 7",
  ]);
  expect(asked).toEqual([{ url: "/v1/events?topics=market,block", last: undefined }]);
});

test("comes back after a break and goes on after the last event", async () => {
  const { baseUrl, asked } = await server(
    breaks(hello(4), event(5, "block", "1")),
    (_, response) => response.writeHead(503).end(),
    sends(event(6, "block", "2")),
  );
  expect(await take(2, streamEvents({ baseUrl }))).toEqual(["block 1", "block 2"]);
  expect(asked.map(({ last }) => last)).toEqual([undefined, "run-5", "run-5"]);
});

test("knows where it is before the first event, and passes a reset on", async () => {
  const { baseUrl, asked } = await server(breaks(hello(9)), sends("id: other-1\nevent: reset\ndata: {}\n\n"));
  expect(await take(1, streamEvents({ baseUrl }))).toEqual(["reset "]);
  expect(asked[1]?.last).toBe("run-9");
});

test("a refusal is thrown, it would be the same next time", async () => {
  const { baseUrl, asked } = await server((_, response) =>
    response
      .writeHead(400)
      .end('{"error":{"code":"http.bad_request","message":"query.topics: no","requestId":"r"}}'),
  );
  await expect(take(1, streamEvents({ baseUrl }))).rejects.toMatchObject({
    code: "http.bad_request",
    status: 400,
  });
  expect(asked).toHaveLength(1);
});

test("an abort ends it quietly, connected or waiting", async () => {
  const connected = await server(sends(hello(0)));
  expect(
    await take(1, streamEvents({ baseUrl: connected.baseUrl }, { signal: AbortSignal.timeout(100) })),
  ).toEqual([]);
  const broken = await server(breaks(hello(0)));
  expect(
    await take(1, streamEvents({ baseUrl: broken.baseUrl }, { signal: AbortSignal.timeout(100) })),
  ).toEqual([]);
});
