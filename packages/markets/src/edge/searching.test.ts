import { createApp, logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import { expect, onTestFinished, test } from "vitest";
import { reading, SEARCHED } from "./searching.ts";

const LOTS = { max: 100_000, windowSeconds: 60 };

test("searches are counted, in whatever name they come; plain pages are not", async () => {
  const app = await createApp({ log: logger("searching-test"), version: "test", rateLimit: LOTS });
  onTestFinished(() => app.close());
  app.get("/v1/list", { config: SEARCHED }, async () => ({}));
  const status = async (query: string) => (await app.inject(`/v1/list${query}`)).statusCode;
  const { max } = SEARCHED.rateLimit;
  for (let count = 0; count < max + 5; count += 1) expect(await status("?sort=newest&search=%20")).toBe(200);
  for (let count = 0; count < max; count += 1)
    expect(await status(count % 2 === 0 ? "?search=a" : "?q=b")).toBe(200);
  expect(await status("?search=a")).toBe(429);
  expect(await status("?search=&search=a")).toBe(429);
  expect(await status("")).toBe(200);
});

const read = async (db: unknown) => db;
test("only a search is bounded in time, by a transaction of its own", async () => {
  const store = { db: "the pool", transaction: async () => "in a transaction" } as unknown as Store;
  for (const asked of [{ search: "a" }, { q: "a" }])
    expect(await reading(store, asked, read)).toBe("in a transaction");
  for (const asked of [{}, { search: " " }, { q: "" }])
    expect(await reading(store, asked, read)).toBe("the pool");
});
