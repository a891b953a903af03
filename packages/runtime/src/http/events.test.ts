import { expect, test } from "vitest";
import { raw, running, told } from "../../test/http.ts";
import { LiveHub } from "../live-hub.ts";

/** Opens a stream and collects its text; `until` waits for a piece of it. */
async function stream(url: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  let text = "";
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => "aborted");
  return {
    response,
    ended,
    text: () => text,
    until: (piece: string) => expect.poll(() => text).toContain(piece),
    close: () => abort.abort(),
  };
}

test("streams what is published, with the headers that keep it flowing", async () => {
  const live = new LiveHub();
  const { url } = await running({ live, corsOrigins: ["https://app.example"] });
  const all = await stream(`${url}/v1/events`, { origin: "https://app.example" });
  const markets = await stream(`${url}/v1/events?topics=market,question`);
  expect(all.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(all.response.headers.get("cache-control")).toBe("no-cache, no-transform");
  expect(all.response.headers.get("access-control-allow-origin")).toBe("https://app.example");
  await Promise.all([all.until("hello"), markets.until("hello")]);
  live.publish({ topic: "block", id: "1" });
  live.publish({ topic: "market", id: "0xa" });
  live.beat();
  await Promise.all([all.until(": beat"), markets.until(": beat")]);
  expect(all.text()).toMatch(/event: block\ndata: {"id":"1","data":null}\n\n[^]*event: market\n/);
  expect(markets.text()).not.toContain("event: block");
  all.close();
  markets.close();
  await expect.poll(() => live.size).toBe(0);
});

test("goes on after Last-Event-ID", async () => {
  const live = new LiveHub();
  const { url } = await running({ live });
  const first = await stream(`${url}/v1/events`);
  live.publish({ topic: "block", id: "1" });
  await first.until("event: block");
  first.close();
  live.publish({ topic: "block", id: "2" });
  const id = [...first.text().matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? "";
  const second = await stream(`${url}/v1/events`, { "last-event-id": id });
  await second.until('"id":"2"');
  expect(second.text()).not.toContain('"id":"1"');
  second.close();
});

test("a drain ends the streams", async () => {
  const live = new LiveHub();
  // Longer than a test has: who only cuts streams off at the end of the time of grace fails it.
  const server = await running({ live }, () => {}, { graceMs: 300_000 });
  const open = await stream(`${server.url}/v1/events`);
  await open.until("hello");
  await server.stop();
  expect(await open.ended).toBeUndefined();
});

test("one too many is refused, and so is nonsense", async () => {
  const { url } = await running({ live: new LiveHub({ maxClients: 1 }) });
  const one = await stream(`${url}/v1/events`);
  await one.until("hello");
  expect(await told(fetch(`${url}/v1/events`))).toBe("503 http.too_many_streams");
  expect(await told(fetch(`${url}/v1/events?topics=${encodeURIComponent("a b")}`))).toBe(
    "400 http.bad_request",
  );
  one.close();
});

test("a topic that there is not is refused by its name, beside those that there are", async () => {
  const { url } = await running({ live: new LiveHub({ topics: ["block", "market"] }) });
  const refused = await fetch(`${url}/v1/events?topics=market,markets`);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: {
      code: "http.unknown_topic",
      message: 'nothing is ever told of "markets"; the topics are block, market',
      data: { topic: "markets", topics: ["block", "market"] },
    },
  });
  const heard = await stream(`${url}/v1/events?topics=market,block`);
  expect(heard.response.status).toBe(200);
  await heard.until("hello");
  heard.close();
});

test("a client that stops reading is dropped and holds nobody up", async () => {
  const live = new LiveHub();
  const { url, port } = await running({ live });
  const quick = await stream(`${url}/v1/events`);
  // It sends its request and reads no more than the first bytes: the pause is in the kernel's and Node's buffers.
  const stuck = raw(port, "GET /v1/events HTTP/1.1\r\nhost: a\r\n\r\n", 3000, true);
  await expect.poll(() => live.size).toBe(2);
  const data = "x".repeat(100_000);
  await expect
    .poll(
      () => {
        live.publish({ topic: "market", id: "big", data });
        return live.size;
      },
      { timeout: 30_000, interval: 5 },
    )
    .toBe(1);
  live.publish({ topic: "market", id: "last" });
  await quick.until('"id":"last"');
  quick.close();
  await stuck;
});
