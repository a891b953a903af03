import { expect, test } from "vitest";
import { z } from "zod";
import { running } from "../../test/http.ts";
import { pageHeaders } from "./security.ts";

test("data may not be run, framed or guessed at", async () => {
  const { url } = await running();
  const { headers } = await fetch(`${url}/ready`);
  expect(headers.get("content-security-policy")).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-request-id")).toMatch(/^\w+-\w+$/);
});

test("a page may reach this server and the chains' nodes, by http and socket, without the key in their path", () => {
  const csp = pageHeaders(["http://localhost:8545", "https://node.example/v2/secret"])[
    "content-security-policy"
  ];
  expect(csp).toContain(
    "connect-src 'self' http://localhost:8545 ws://localhost:8545 https://node.example wss://node.example",
  );
  expect(csp).toContain("script-src 'self';");
  expect(csp).not.toContain("secret");
  expect(csp).not.toContain("upgrade-insecure-requests");
});

test("only named origins may call from a browser", async () => {
  const { url } = await running({ corsOrigins: ["https://app.example"] }, (app) => {
    app.get("/v1/x", { schema: { response: { 200: z.object({}) } } }, async () => ({}));
  });
  const from = async (origin: string, method = "GET") => {
    const answer = await fetch(`${url}/v1/x`, {
      method,
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });
    return answer.headers;
  };
  expect((await from("https://app.example")).get("access-control-allow-origin")).toBe("https://app.example");
  expect((await from("https://evil.example")).get("access-control-allow-origin")).toBeNull();
  const preflight = await from("https://app.example", "OPTIONS");
  expect(preflight.get("access-control-allow-methods")).toBe("GET, HEAD, POST");
});

const ask = async (url: string, id: string) =>
  (await fetch(`${url}/ready`, { headers: { "x-request-id": id } })).headers.get("x-request-id");

test("a request keeps the id of a proxy that is trusted, and of nobody else", async () => {
  const behind = await running({ trustProxy: true });
  expect(await ask(behind.url, "proxy-id-1234")).toBe("proxy-id-1234");
  expect(await ask(behind.url, "bad id {}")).not.toContain("bad");
  const open = await running();
  expect(await ask(open.url, "proxy-id-1234")).not.toBe("proxy-id-1234");
});
