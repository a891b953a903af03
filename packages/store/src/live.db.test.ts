import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import {
  forgetLive,
  type LiveEvent,
  listenLive,
  liveSince,
  migrate,
  newestLiveBlock,
  notifyLive,
  notifyLiveAll,
  openStore,
  rows,
  sql,
  type Store,
} from "./index.ts";

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url });
  await migrate(store, []);
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

test("all who listen are told in one turn, by one session, until the last of them leaves", async () => {
  const others: string[][] = [];
  const tellOf = (other: () => LiveEvent[]) => () => {
    // Before anything else that this process is told from outside, such as a request of somebody who was told.
    queueMicrotask(() => others.push(other().map(({ id }) => id)));
  };
  const first = await listen(tellOf(() => second.heard));
  const second = await listen(tellOf(() => first.heard));
  await notifyLive(store.db, market("1"));
  await expect.poll(() => others).toEqual([["1"], ["1"]]);
  await first.end();
  await notifyLive(store.db, market("2"));
  await expect.poll(() => second.heard.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(first.heard).toHaveLength(1);
  await second.end();
  expect(await listeners()).toEqual([]);
  const third = await listen();
  await notifyLive(store.db, market("3"));
  await expect.poll(() => third.heard.map(({ id }) => id)).toEqual(["3"]);
  await third.end();
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

const head = (number: number): LiveEvent => ({ topic: "block", id: String(number) });
/**
 * The last `count` of what is told again. Transactions of other databases of the same server keep floors low, so that more may come
 * before them.
 */
const since = async (block: number, count: number) =>
  (await liveSince(store.db, block))?.slice(-count).map(({ id }) => id) ?? null;

test("what was told since a block is told again, in order, with its data; of a block that is not known, nothing", async () => {
  await sql`truncate store.live_events`.execute(store.db);
  expect([await newestLiveBlock(store.db), await since(5, 1)]).toEqual([null, null]);
  await notifyLive(store.db, market("before"));
  await notifyLive(store.db, head(5));
  await notifyLive(store.db, market("a", { pool: "5" }));
  await notifyLive(store.db, head(9));
  await notifyLiveAll(store.db, [market("b"), market("c")]);
  expect(await since(9, 3)).toEqual(["9", "b", "c"]);
  // Between two heads that were told: the older one counts.
  expect(await since(7, 5)).toEqual(["5", "a", "9", "b", "c"]);
  expect(await liveSince(store.db, 5)).toContainEqual(market("a", { pool: "5" }));
  expect([await since(4, 1), await since(10, 1)]).toEqual([null, null]);
  expect(await newestLiveBlock(store.db)).toBe(9);
});

test("what had not ended when a block was recorded is told again with it, though its number is smaller", async () => {
  await sql`truncate store.live_events`.execute(store.db);
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const late = store.transaction(async (tx) => {
    await notifyLive(tx, market("late"));
    begun.resolve();
    await end.promise;
  });
  await begun.promise;
  await notifyLive(store.db, market("early"));
  await notifyLive(store.db, head(6));
  expect(await since(6, 3)).toEqual(["early", "6"]);
  end.resolve();
  await late;
  expect(await since(6, 3)).toEqual(["late", "early", "6"]);
});

test("of what is too much to be told again nothing is, and it is forgotten", async () => {
  await sql`truncate store.live_events`.execute(store.db);
  await notifyLive(store.db, head(1));
  await notifyLiveAll(
    store.db,
    Array.from({ length: 4_095 }, (_, index) => market(String(index))),
  );
  expect(await liveSince(store.db, 1)).toHaveLength(4_096);
  await notifyLive(store.db, head(2));
  expect(await liveSince(store.db, 1)).toBeNull();
  await notifyLiveAll(
    store.db,
    Array.from({ length: 4_200 }, (_, index) => market(String(index))),
  );
  await forgetLive(store.db);
  const [left] = await rows<{ count: number }>(
    store.db,
    sql`select count(*)::int as count from store.live_events`,
  );
  expect(left?.count).toBe(2 * 4_096 + 1);
});
