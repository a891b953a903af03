import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import { type LiveEvent, listenLive, notifyLive, openStore, rows, sql, type Store } from "./index.ts";

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const listeners = () =>
  rows<{ pid: number }>(
    store.db,
    sql`select pid from pg_stat_activity where application_name = 'sooth-listen sooth_live' and query like 'listen%'
      and datname = current_database()`,
  );
/** Listens, and returns once the server knows of it. */
async function listen(onEvent?: (event: LiveEvent) => void, onRelisten?: () => void) {
  const stop = new AbortController();
  const heard: LiveEvent[] = [];
  const over = listenLive(store, (event) => (heard.push(event), onEvent?.(event)), stop.signal, onRelisten);
  await expect.poll(listeners).toHaveLength(1);
  return { heard, end: () => (stop.abort(), over) };
}
const market = (id: string, data?: unknown): LiveEvent => ({ topic: "market", id, data });

test("is told after the commit, in order, and never of what was undone", async () => {
  const { heard, end } = await listen();
  await store.transaction(async (tx) => {
    await notifyLive(tx, market("1", { pool: "5" }));
    await notifyLive(tx, market("2"));
    expect(heard).toEqual([]);
  });
  const undone = store.transaction(async (tx) => {
    await notifyLive(tx, market("3"));
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await notifyLive(store.db, market("4"));
  await expect.poll(() => heard.length).toBe(3);
  expect(heard).toEqual([
    market("1", { pool: "5" }),
    { topic: "market", id: "2" },
    { topic: "market", id: "4" },
  ]);
  await end();
  expect(await listeners()).toEqual([]);
});

test("listens again after its connection was cut, and says each time that it did", async () => {
  let gaps = 0;
  const { heard, end } = await listen(undefined, () => {
    gaps++;
    throw new Error("cannot bear it");
  });
  expect(gaps).toBe(0);
  const [first] = await listeners();
  await sql`select pg_terminate_backend(${first?.pid}::int)`.execute(store.db);
  await expect
    .poll(async () => (await listeners()).map(({ pid }) => pid))
    .toEqual([expect.not.toBeOneOf([first?.pid])]);
  await notifyLive(store.db, market("after"));
  await expect.poll(() => heard).toEqual([{ topic: "market", id: "after" }]);
  expect(gaps).toBe(1);
  await end();
});

test("what is too large is sent without its data, in bytes, not characters", async () => {
  const { heard, end } = await listen();
  await notifyLive(store.db, market("fits", "é".repeat(3900)));
  await notifyLive(store.db, market("large", "é".repeat(4000)));
  await expect
    .poll(() => heard.map(({ id, data }) => [id, data !== undefined]))
    .toEqual([
      ["fits", true],
      ["large", false],
    ]);
  await end();
});

test("refuses an id that can never be sent", async () => {
  await expect(notifyLive(store.db, market("x".repeat(8000)))).rejects.toMatchObject({
    code: "store.event_too_large",
  });
});

test("a listener that throws still hears the next event", async () => {
  const { heard, end } = await listen(({ id }) => {
    if (id === "bad") throw new Error("cannot bear it");
  });
  await notifyLive(store.db, market("bad"));
  await notifyLive(store.db, market("good"));
  await expect.poll(() => heard.map(({ id }) => id)).toEqual(["bad", "good"]);
  await end();
});
