import Anthropic from "@anthropic-ai/sdk";
import { afterEach, expect, test, vi } from "vitest";
import { API_KEY, type Messages, type Script, startMessages } from "./simulator.ts";

const running: Messages[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const server of running.splice(0)) await server.stop();
});
async function start(...script: Script[]) {
  const server = await startMessages(...script);
  running.push(server);
  const client = (apiKey = API_KEY, timeout = 5_000) =>
    new Anthropic({ apiKey, authToken: null, baseURL: server.url, maxRetries: 0, timeout, logLevel: "off" });
  return { server, client };
}
const ASK = {
  model: "claude-sonnet-5-5",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "hello" }],
};
const WEATHER = {
  name: "weather",
  input_schema: { type: "object" as const, properties: { town: { type: "string" } } },
};

test("the real client reads a message, a tool call and a refusal", async () => {
  const { client, server } = await start(
    { kind: "text", text: "good day" },
    { kind: "tool", name: "weather", input: { town: "Haifa" } },
    { kind: "refusal" },
    { kind: "text", text: "cut", stop: "max_tokens" },
  );
  const ask = () => client().messages.create({ ...ASK, tools: [WEATHER] });
  expect(await ask()).toMatchObject({
    content: [{ type: "text", text: "good day" }],
    stop_reason: "end_turn",
    usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
  });
  expect(await ask()).toMatchObject({
    content: [{ type: "tool_use", name: "weather", input: { town: "Haifa" } }],
    stop_reason: "tool_use",
  });
  expect(await ask()).toMatchObject({ content: [], stop_reason: "refusal" });
  expect((await ask()).stop_reason).toBe("max_tokens");
  expect(server.requests).toHaveLength(4);
});

test("the real client puts a stream together", async () => {
  const { client } = await start(
    { kind: "text", text: "word by word" },
    { kind: "tool", name: "weather", input: { town: "Haifa" } },
  );
  const parts: string[] = [];
  const spoken = client().messages.stream(ASK);
  spoken.on("text", (part) => parts.push(part));
  expect((await spoken.finalMessage()).content).toMatchObject([{ type: "text", text: "word by word" }]);
  expect(parts).toEqual(["word b", "y word"]);
  const called = await client()
    .messages.stream({ ...ASK, tools: [WEATHER] })
    .finalMessage();
  expect(called.content).toMatchObject([{ type: "tool_use", input: { town: "Haifa" } }]);
});

test("a stream that breaks is an error for the client", async () => {
  const { client } = await start({ kind: "breaks", text: "never ended" });
  await expect(client().messages.stream(ASK).finalMessage()).rejects.toThrow(/[Oo]verloaded/);
});

test.each([
  [400, "invalid_request_error"],
  [429, "rate_limit_error"],
  [500, "api_error"],
  [529, "overloaded_error"],
] as const)("status %i comes with the service's own body", async (status, type) => {
  const { client } = await start({ kind: "error", status, retryAfter: 7 });
  const error = await client()
    .messages.create(ASK)
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ status, type, requestID: "req_000001" });
  expect((error as InstanceType<typeof Anthropic.APIError>).headers?.get("retry-after")).toBe("7");
});

test("what the service would refuse is refused, whatever the script says", async () => {
  const { client, server } = await start({ kind: "text", text: "never told" });
  const refused = (over: object, key?: string) =>
    client(key)
      .messages.create({ ...ASK, ...over })
      .then(
        () => "answered",
        ({ status }: { status: number }) => status,
      );
  expect(await refused({}, "sk-wrong")).toBe(401);
  expect(await refused({ messages: [] })).toBe(400);
  expect(await refused({ max_tokens: 0 })).toBe(400);
  expect(await refused({ temprature: 1 })).toBe(400);
  expect(await refused({ model: "gpt" })).toBe(404);
  expect(server.requests).toEqual([]);
});

test("a stall ends with the client's patience, half an answer is none", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { client } = await start(
    // The time is over once the request has come, and not before, however slow the machine is.
    () => {
      vi.advanceTimersByTime(200);
      return { kind: "stall" };
    },
    { kind: "truncated", text: "half of it" },
    { kind: "down" },
  );
  await expect(client(API_KEY, 200).messages.create(ASK)).rejects.toThrow("timed out");
  await expect(client().messages.create(ASK)).rejects.toThrow(/JSON/);
  await expect(client().messages.create(ASK)).rejects.toThrow("Connection error");
});
