import { scraped } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import { openStore, sql, type Store } from "./index.ts";

let database: TestDatabase;
let store: Store;
let before: Figures;

const NAMES = ["store_connections", "store_connections_most", "store_connections_in_use"] as const;
const MORE = ["store_connections_waiting", "store_slow_queries_total", "store_query_seconds_count"] as const;
type Figures = Record<(typeof NAMES)[number] | (typeof MORE)[number], number>;

async function figures(): Promise<Figures> {
  const lines = new Map((await scraped()).split("\n").map((line) => line.split(" ") as [string, string]));
  return Object.fromEntries([...NAMES, ...MORE].map((name) => [name, Number(lines.get(name))])) as Figures;
}
/** What came since the test began: other stores of this process count as well. */
async function added(): Promise<Figures> {
  const now = await figures();
  return Object.fromEntries(
    Object.entries(now).map(([name, value]) => [name, value - before[name as keyof Figures]]),
  ) as Figures;
}

beforeAll(async () => {
  database = await testDatabase();
  before = await figures();
  store = openStore({ url: database.url, max: 1 });
});
afterAll(() => database.drop());

test("who holds a connection is counted, who waits for one, and that the pool is gone when it ended", async () => {
  const held = Promise.withResolvers<void>();
  const inside = Promise.withResolvers<void>();
  const transaction = store.transaction(async () => {
    inside.resolve();
    await held.promise;
  });
  await inside.promise;
  const other = sql`select 1`.execute(store.db);
  await expect.poll(added).toMatchObject({
    store_connections: 1,
    store_connections_most: 1,
    store_connections_in_use: 1,
    store_connections_waiting: 1,
  });
  held.resolve();
  await Promise.all([transaction, other]);
  expect(await added()).toMatchObject({ store_connections_in_use: 0, store_connections_waiting: 0 });
  const { store_slow_queries_total: quick, store_query_seconds_count: count } = await added();
  await sql`select pg_sleep(0.6)`.execute(store.db);
  const after = await added();
  expect(after.store_slow_queries_total - quick).toBe(1);
  expect(after.store_query_seconds_count - count).toBe(1);
  await store.close();
  await expect.poll(added).toMatchObject({ store_connections: 0, store_connections_most: 0 });
});
