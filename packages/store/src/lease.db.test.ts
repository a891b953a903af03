import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import { openStore, rows, sql, type Store, withLease } from "./index.ts";
import { aborted, pause } from "./session.ts";

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

/** Two contenders that note who holds the lease, and whether ever both did. */
function contest(name: string) {
  const stop = new AbortController();
  const holding = new Set<string>();
  const history: string[] = [];
  let both = false;
  const contender = (who: string) =>
    withLease(
      store,
      name,
      async (signal) => {
        holding.add(who);
        history.push(who);
        both ||= holding.size > 1;
        await aborted(signal);
        holding.delete(who);
        // Slow to wind up, so that the other's turn comes first.
        await pause(2000, stop.signal);
      },
      stop.signal,
    );
  const over = Promise.all([contender("first"), contender("second")]);
  return { holding, history, wasShared: () => both, end: () => (stop.abort(), over) };
}
const holderPids = (name: string) =>
  rows<{ pid: number }>(
    store.db,
    sql`select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid
      where a.application_name = ${`sooth-lease ${name}`} and l.locktype = 'advisory' and l.granted
        and l.database = (select oid from pg_database where datname = current_database())`,
  );

test("one holds at a time, and when his connection is cut the other takes over", async () => {
  const { holding, history, wasShared, end } = contest("cut");
  await expect.poll(() => holding.size).toBe(1);
  const before = history.at(0);
  const [holder] = await holderPids("cut");
  await sql`select pg_terminate_backend(${holder?.pid}::int)`.execute(store.db);
  await expect.poll(() => [...holding]).toEqual([expect.not.toBeOneOf([before])]);
  expect(history).toHaveLength(2);
  expect(wasShared()).toBe(false);
  await end();
  expect(await holderPids("cut")).toEqual([]);
});

test("different names do not exclude each other", async () => {
  const stop = new AbortController();
  let held = 0;
  const hold = (name: string) =>
    withLease(store, name, async (signal) => ((held += 1), aborted(signal)), stop.signal);
  const over = Promise.all([hold("north"), hold("south")]);
  await expect.poll(() => held).toBe(2);
  stop.abort();
  await over;
});

test("ends by itself when the work is done, and lets the next one in", async () => {
  const signal = new AbortController().signal;
  const done: number[] = [];
  for (const turn of [1, 2]) await withLease(store, "turns", async () => void done.push(turn), signal);
  expect(done).toEqual([1, 2]);
});

test("an error of the work is thrown, and lets go", async () => {
  const signal = new AbortController().signal;
  const failing = withLease(store, "fails", () => Promise.reject(new RangeError("broken")), signal);
  await expect(failing).rejects.toThrow("broken");
  expect(await holderPids("fails")).toEqual([]);
});

test("work that failed because the database was away is taken up again", async () => {
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries > 1) return;
    const [holder] = await holderPids("away");
    await sql`select pg_terminate_backend(${holder?.pid}::int)`.execute(store.db);
    throw new Error("whatever the work makes of a lost connection");
  };
  // The loss reaches us as an event of the connection; the work must not fail before that was seen.
  const workAfterLoss = (signal: AbortSignal) =>
    work().catch(async (error) => (await aborted(signal), Promise.reject(error)));
  await withLease(store, "away", workAfterLoss, new AbortController().signal);
  expect(tries).toBe(2);
});

test("a waiter stops waiting when told to", async () => {
  const stopHolder = new AbortController();
  const stopWaiter = new AbortController();
  let held = 0;
  const count = async (signal: AbortSignal) => ((held += 1), aborted(signal));
  const holder = withLease(store, "patience", count, stopHolder.signal);
  await expect.poll(() => held).toBe(1);
  const waiter = withLease(store, "patience", count, stopWaiter.signal);
  stopWaiter.abort();
  await waiter;
  expect(held).toBe(1);
  stopHolder.abort();
  await holder;
});

test("a connection that stops answering is given up within seconds", async () => {
  const stop = new AbortController();
  let held = 0;
  let lost = 0;
  const hold = async (signal: AbortSignal) => {
    held += 1;
    await aborted(signal);
    lost += 1;
  };
  const over = withLease(store, "stalls", hold, stop.signal);
  await expect.poll(() => held).toBe(1);
  const [holder] = await holderPids("stalls");
  const pid = holder?.pid ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    await expect.poll(() => lost, { timeout: 20_000 }).toBe(1);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  // The server lets the lock go once that backend runs on and finds nobody there.
  await expect.poll(() => held, { timeout: 20_000 }).toBe(2);
  stop.abort();
  await over;
});
