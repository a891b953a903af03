import { expect, test } from "vitest";
import { one, openStore, sql } from "../index.ts";
import { testDatabase } from "./index.ts";

test("gives each test an empty database of its own", async () => {
  const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
  const store = openStore({ url: first.url });
  const answer = await one<{ n: number }>(store.db, sql`select 2::int8 as n`);
  expect(answer).toEqual({ n: 2 });
  expect(first.url).not.toBe(second.url);
  await store.close();
  await Promise.all([first.drop(), second.drop()]);
});
