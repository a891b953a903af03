import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { createApp, LiveHub, logger } from "@sooth/runtime";
import { defineErrors } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const Refusal = defineErrors("pets", {
  unknown: { status: 404, text: (d: { id: string }) => `there is no pet ${d.id}` },
});
/** What `npx sooth` starts. */
const sooth = fileURLToPath(new URL("../../bin/sooth.mjs", import.meta.url));
let url: string;
let client: Client;
let close: () => Promise<unknown>;

beforeAll(async () => {
  const app = await createApp({ log: logger("mcp-test"), version: "test", live: new LiveHub() });
  const pet = z.object({ id: z.string(), says: z.string() });
  app.get(
    "/v1/pets/:id",
    {
      schema: {
        operationId: "getPet",
        tags: ["pets"],
        summary: "One pet",
        params: z.object({ id: z.string() }),
        querystring: z.object({ loud: z.enum(["yes", "no"]).default("no") }),
        response: { 200: pet },
      },
    },
    async ({ params, query }) => {
      if (params.id === "none") throw Refusal.unknown({ id: params.id });
      return { id: params.id, says: query.loud === "yes" ? "WOOF" : "woof" };
    },
  );
  app.get(
    "/v1/flood",
    {
      schema: { operationId: "getFlood", tags: ["pets"], response: { 200: z.object({ text: z.string() }) } },
    },
    async () => ({ text: "x".repeat(200_000) }),
  );
  url = await app.listen({ port: 0, host: "127.0.0.1" });
  client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [sooth, "mcp", "--url", url],
      stderr: "ignore",
    }),
  );
  close = () => Promise.all([client.close(), app.close()]);
}, 60_000);
afterAll(() => close());

const textOf = async (name: string, args: Record<string, unknown>) => {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const first = content[0];
  return { text: first?.type === "text" ? first.text : "", isError: isError === true };
};

test("a client of the protocol finds the API's operations as tools", async () => {
  const { tools } = await client.listTools();
  const found = tools.find(({ name }) => name === "getPet");
  expect(found).toMatchObject({
    description: "One pet",
    annotations: { readOnlyHint: true },
    inputSchema: { required: ["id"], properties: { loud: { enum: ["yes", "no"] } } },
  });
});

test("a call is answered by the API, word for word", async () => {
  expect(await textOf("getPet", { id: "rex", loud: "yes" })).toEqual({
    text: '{"id":"rex","says":"WOOF"}',
    isError: false,
  });
});

test("a refusal comes with its code, and the server goes on", async () => {
  const { text, isError } = await textOf("getPet", { id: "none" });
  expect(isError).toBe(true);
  expect(text).toContain("pets.unknown");
  expect((await textOf("getPet", { id: "rex" })).isError).toBe(false);
});

test("arguments that do not fit the schema never reach the API", async () => {
  const wrong = await textOf("getPet", { loud: "very" });
  expect(wrong.isError).toBe(true);
});

test("an answer that would flood a model is refused, and says what to do", async () => {
  const { text, isError } = await textOf("getFlood", {});
  expect(isError).toBe(true);
  expect(text).toContain("100000 are the most");
});
