import { spawn } from "node:child_process";
import path from "node:path";
import { scraped } from "@sooth/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import { one, openQueue, openStore, type Queue, sql, type Store } from "./index.ts";

let database: TestDatabase;
let store: Store;
let queue: Queue;

beforeEach(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url });
  queue = await openQueue(store, { jobs: ["sweep", "other"] });
  await sql`create table effects (id int primary key)`.execute(store.db);
});
afterEach(async () => {
  await queue.stop();
  await store.close();
  await database.drop();
});

const depthOf = async (job: string) => (await queue.depth())[job];
const none = { queued: 0, active: 0, failed: 0, dead: 0 };
/** Retries wait for seconds; the tests need not. */
const hurry = () => sql`update pgboss.job set start_after = now() where state = 'retry'`.execute(store.db);
/** An effect and its job, in one transaction. */
const insertAndSend = (id: number, fail: boolean) =>
  store.transaction(async (tx) => {
    await sql`insert into effects values (${id})`.execute(tx);
    await queue.send(tx, "sweep", { id });
    if (fail) throw new Error("undone");
  });
/** A worker that notes what it was given. */
async function collect(job = "sweep"): Promise<unknown[]> {
  const got: unknown[] = [];
  await queue.work(job, async (data) => void got.push(data));
  return got;
}

test("a job commits and rolls back with the row that needs it", async () => {
  await insertAndSend(1, false);
  await expect(insertAndSend(2, true)).rejects.toThrow("undone");
  expect(await depthOf("sweep")).toEqual({ ...none, queued: 1 });
  const got = await collect();
  await expect.poll(() => got).toEqual([{ id: 1 }]);
  await expect.poll(() => depthOf("sweep")).toEqual(none);
});

test("how deep the queue is is told whenever somebody looks, and no longer when it has stopped", async () => {
  await queue.send(store.db, "sweep", {});
  await queue.send(store.db, "sweep", {});
  const told = await scraped();
  expect(told).toContain('queue_jobs{job="sweep",state="queued"} 2');
  expect(told).toContain('queue_jobs{job="other",state="dead"} 0');
  await queue.stop();
  expect(await scraped()).not.toContain("queue_jobs{");
});

test("a waiting worker is told of a job, it need not poll for it", async () => {
  const got = await collect();
  const waits: number[] = [];
  for (const turn of [1, 2, 3, 4]) {
    const sent = performance.now();
    await queue.send(store.db, "sweep", { turn });
    await expect.poll(() => got.length, { interval: 5 }).toBe(turn);
    waits.push(performance.now() - sent);
  }
  // Polling is once a second, so four in a row cannot all be lucky; a busy machine may slow some of them.
  expect(Math.min(...waits)).toBeLessThan(300);
});

test("a backlog is drained in batches, each job once", async () => {
  for (let id = 0; id < 60; id++) await queue.send(store.db, "sweep", { id });
  const got = await collect();
  await expect.poll(() => got.length, { timeout: 15_000 }).toBe(60);
  expect(new Set(got.map((data) => (data as { id: number }).id)).size).toBe(60);
});

test("one job of a key waits; without a key all do", async () => {
  for (const id of [1, 2, 3]) await queue.send(store.db, "sweep", { id }, { key: "a" });
  await queue.send(store.db, "sweep", { id: 4 }, { key: "b" });
  expect(await depthOf("sweep")).toEqual({ ...none, queued: 2 });
  for (const id of [5, 6]) await queue.send(store.db, "other", { id });
  expect(await depthOf("other")).toEqual({ ...none, queued: 2 });
});

test("a key is free again once its job has been taken", async () => {
  const got: unknown[] = [];
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  await queue.work("sweep", async (data) => {
    got.push(data);
    await held;
  });
  await queue.send(store.db, "sweep", { id: 1 }, { key: "a" });
  await expect.poll(() => got.length).toBe(1);
  await queue.send(store.db, "sweep", { id: 2 }, { key: "a" });
  release();
  await expect.poll(() => got).toEqual([{ id: 1 }, { id: 2 }]);
});

test("a send that finds its job waiting keeps it from running before the commit", async () => {
  await queue.send(store.db, "sweep", {}, { key: "a" });
  const seen: unknown[] = [];
  await store.transaction(async (tx) => {
    await queue.send(tx, "sweep", {}, { key: "a" });
    await queue.work("sweep", async () => {
      seen.push(await one(store.db, sql`select count(*) as n from effects`));
    });
    // Long enough for the worker to have polled more than once.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(seen).toEqual([]);
    await sql`insert into effects values (1)`.execute(tx);
  });
  await expect.poll(() => seen).toEqual([{ n: 1 }]);
});

test("a delayed job waits, and an earlier send of its key brings it forward", async () => {
  const got = await collect();
  await queue.send(store.db, "sweep", { id: 1 }, { key: "a", startAfterSeconds: 3600 });
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(got).toEqual([]);
  await queue.send(store.db, "sweep", { id: 2 }, { key: "a" });
  await expect.poll(() => got).toEqual([{ id: 1 }]);
});

test("a failing job is retried, then kept among the dead, and runs again on demand", async () => {
  let broken = true;
  let tries = 0;
  await queue.work("sweep", async () => {
    tries += 1;
    if (broken) throw new Error("source is down");
  });
  await queue.send(store.db, "sweep", { id: 7 }, { key: "a" });
  await expect
    .poll(async () => (await hurry(), depthOf("sweep")), { timeout: 15_000 })
    .toEqual({ ...none, failed: 1, dead: 1 });
  expect(tries).toBe(4);
  expect(await queue.dead()).toEqual([
    expect.objectContaining({
      job: "sweep",
      data: { id: 7 },
      error: expect.objectContaining({ message: "source is down" }),
    }),
  ]);
  broken = false;
  expect(await queue.retryDead("other")).toBe(0);
  expect(await queue.retryDead("sweep")).toBe(1);
  await expect.poll(() => tries).toBe(5);
  await expect.poll(() => depthOf("sweep")).toEqual({ ...none, failed: 1 });
});

test("a failure waits longer each time", async () => {
  await queue.work("sweep", () => Promise.reject(new Error("no")));
  await queue.send(store.db, "sweep", {});
  const waits: number[] = [];
  for (const retries of [0, 1, 2]) {
    const query = sql<{ wait: number }>`select extract(epoch from start_after - now())::float8 as wait
      from pgboss.job where name = 'sweep' and state = 'retry' and retry_count = ${retries}`;
    await expect.poll(() => one(store.db, query)).toBeDefined();
    waits.push((await one(store.db, query))?.wait ?? 0);
    await hurry();
  }
  expect(waits[2]).toBeGreaterThan(waits[0] ?? 0);
  expect(waits[2]).toBeGreaterThan(2);
});

test("a job of one batch that fails does not fail its neighbours", async () => {
  for (const id of [1, 2, 3]) await queue.send(store.db, "sweep", { id });
  const done: number[] = [];
  await queue.work("sweep", async (data) => {
    const { id } = data as { id: number };
    if (id === 2) throw new Error("only this one");
    done.push(id);
  });
  await expect.poll(() => done.toSorted((a, b) => a - b)).toEqual([1, 3]);
  await expect.poll(() => depthOf("sweep")).toEqual({ ...none, queued: 1 });
});

test("stop tells the handlers, and the job is run again by the next worker", async () => {
  const order: string[] = [];
  await queue.work("sweep", (_, signal) => {
    order.push("started");
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => {
        order.push("told");
        reject(new Error("stopped"));
      }),
    );
  });
  await queue.send(store.db, "sweep", { id: 1 });
  await expect.poll(() => order).toEqual(["started"]);
  await queue.stop();
  order.push("stopped");
  expect(order).toEqual(["started", "told", "stopped"]);
  // It ended by itself, and was not given up on.
  const ended = sql`select state, output->>'message' as why from pgboss.job where name = 'sweep'`;
  expect(await one(store.db, ended)).toEqual({ state: "retry", why: "stopped" });
  queue = await openQueue(store, { jobs: ["sweep"] });
  const got = await collect();
  await expect.poll(async () => (await hurry(), got)).toEqual([{ id: 1 }]);
});

test("a job whose worker was killed is run by another one", async () => {
  const runner = path.resolve(import.meta.dirname, "../test/run-worker.ts");
  const child = spawn(process.execPath, [runner, database.url], { stdio: ["ignore", "pipe", "inherit"] });
  await queue.send(store.db, "sweep", { id: 1 });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGKILL");
  const got = await collect();
  // Its heartbeat of 10 s must run out, and a monitor that looks every 5 s must see it; then the first wait of a retry.
  await expect.poll(() => got, { timeout: 30_000, interval: 200 }).toEqual([{ id: 1 }]);
});

test("three processes may open the queue at once", async () => {
  const fresh = await testDatabase();
  const stores = [1, 2, 3].map(() => openStore({ url: fresh.url }));
  const queues = await Promise.all(stores.map((each) => openQueue(each, { jobs: ["sweep"] })));
  expect(await Promise.all(queues.map((each) => each.depth()))).toEqual(queues.map(() => ({ sweep: none })));
  await Promise.all(queues.map((each) => each.stop()));
  await Promise.all(stores.map((each) => each.close()));
  await fresh.drop();
});

test("a job that nobody declared is refused", async () => {
  await expect(queue.send(store.db, "swept", {})).rejects.toMatchObject({ code: "store.unknown_job" });
  await expect(queue.work("swept", async () => {})).rejects.toMatchObject({ code: "store.unknown_job" });
});
