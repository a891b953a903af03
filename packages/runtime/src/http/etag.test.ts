import { expect, test } from "vitest";
import { z } from "zod";
import { running } from "../../test/http.ts";

test("a GET has an ETag of its text; who holds it gets 304 and no body", async () => {
  let price = 1;
  const { url } = await running({}, (app) => {
    app.get("/v1/price", { schema: { response: { 200: z.object({ price: z.number() }) } } }, async () => ({
      price,
    }));
  });
  const ask = (held?: string) => fetch(`${url}/v1/price`, { headers: held ? { "if-none-match": held } : {} });
  const first = await ask();
  const tag = first.headers.get("etag") ?? "";
  expect(tag).toMatch(/^W\/"\w+-\w+"$/);
  expect(first.headers.get("cache-control")).toBe("no-cache");
  for (const held of [tag, tag.slice(2), `"other", ${tag}`, "*"]) {
    const again = await ask(held);
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
  }
  price = 2;
  const changed = await ask(tag);
  expect([changed.status, await changed.json()]).toEqual([200, { price: 2 }]);
  expect(changed.headers.get("etag")).not.toBe(tag);
});

test("errors, health and writes have none", async () => {
  const { url } = await running({}, (app) => {
    app.post("/v1/price", { schema: { response: { 200: z.object({ price: z.number() }) } } }, async () => ({
      price: 1,
    }));
  });
  for (const [path, method] of [
    ["/nothing", "GET"],
    ["/health", "GET"],
    ["/v1/price", "POST"],
  ] as const)
    expect((await fetch(url + path, { method })).headers.get("etag")).toBeNull();
});
