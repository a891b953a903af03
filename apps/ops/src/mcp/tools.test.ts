import { readFileSync } from "node:fs";
import { need } from "@sooth/kernel";
import { expect, test } from "vitest";
import { type ApiDocument, requestOf, toolsOf } from "./tools.ts";

const document = JSON.parse(
  readFileSync(new URL("../../../../docs/openapi.json", import.meta.url), "utf8"),
) as ApiDocument;
const tools = toolsOf(document);
const tool = (name: string) =>
  need(
    tools.find((one) => one.name === name),
    name,
  );

test("what reads JSON is a tool, and what prepares a transaction; nothing that moves or hands over", () => {
  expect(tools.length).toBeGreaterThan(60);
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  for (const { readOnly, request } of tools)
    expect(readOnly ? request.method : request.path).toMatch(/^GET$|\/prepare(\/|$)/);
  const names = tools.map(({ name }) => name);
  for (const name of ["listMarkets", "getOpinionMarket", "getAnswer", "prepareStake", "prepareQuestion"])
    expect(names).toContain(name);
  for (const name of [
    "relayStake",
    "handOverReport",
    "signIn",
    "listKeys",
    "stepSecurityEvent",
    "postComment",
    "getMarketCard",
  ])
    expect(names).not.toContain(name);
});

test("a tool's schema stands alone: nothing in it points out of it", () => {
  for (const { name, inputSchema } of tools) {
    const text = JSON.stringify(inputSchema);
    expect(text, name).not.toContain("#/components/");
    const named = [...text.matchAll(/"#\/\$defs\/(\w+)"/g)].map((match) => match[1]);
    const defs = Object.keys((inputSchema["$defs"] ?? {}) as object);
    expect(defs, name).toEqual(expect.arrayContaining(named));
  }
});

test("shapes that refer to themselves end", () => {
  const nested = { type: "object", properties: { inner: { $ref: "#/components/schemas/Nested" } } };
  const [only] = toolsOf({
    paths: {
      "/v1/x/prepare": {
        post: {
          operationId: "prepareX",
          requestBody: {
            content: { "application/json": { schema: { $ref: "#/components/schemas/Nested" } } },
          },
          responses: { 200: { content: { "application/json": {} } } },
        },
      },
    },
    components: { schemas: { Nested: nested } },
  });
  expect(only?.inputSchema["$defs"]).toEqual({
    Nested: { type: "object", properties: { inner: { $ref: "#/$defs/Nested" } } },
  });
});

test("arguments go where the API wants them, and none can name another path", () => {
  expect(requestOf(tool("listMarkets"), { status: "trading", limit: 2, search: "a&b=c" })).toEqual({
    path: "/v1/markets?search=a%26b%3Dc&status=trading&limit=2",
    body: undefined,
  });
  expect(requestOf(tool("getMarket"), { id: "../keys?x" }).path).toBe("/v1/markets/..%2Fkeys%3Fx");
  expect(requestOf(tool("prepareStake"), { id: "0x1", body: { amount: "1" } })).toEqual({
    path: "/v1/markets/0x1/stakes/prepare",
    body: { amount: "1" },
  });
});
