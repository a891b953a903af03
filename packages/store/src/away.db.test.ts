import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded/index.ts";
import {
  type LiveEvent,
  listenLive,
  migrate,
  notifyLive,
  one,
  openQueue,
  openStore,
  sql,
  type Store,
  withLease,
} from "./index.ts";
import { aborted } from "./session.ts";

let folder: string;
let server: EmbeddedPostgres;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-away-"));
  server = await startEmbeddedPostgres({ dataDir: path.join(folder, "data"), durable: false });
  store = openStore({ url: server.url, max: 4 });
  await migrate(store, []);
});
afterEach(async () => {
  await store.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("queue, lease, listener and pool all go on after the database was away", async () => {
  const stop = new AbortController();
  const queue = await openQueue(store, { jobs: ["sweep"] });
  const done: unknown[] = [];
  await queue.work("sweep", async (data) => void done.push(data));
  let held = 0;
  const lease = withLease(store, "hub", async (signal) => ((held += 1), aborted(signal)), stop.signal);
  const heard: LiveEvent[] = [];
  const live = listenLive(store, (event) => heard.push(event), stop.signal);
  await queue.send(store.db, "sweep", { turn: 1 });
  await expect.poll(() => [done.length, held]).toEqual([1, 1]);

  await server.stop();
  await expect(one(store.db, sql`select 1`)).rejects.toMatchObject({
    code: "store.unreachable",
    status: 503,
  });
  await expect(queue.send(store.db, "sweep", { turn: 0 })).rejects.toMatchObject({
    code: "store.unreachable",
  });
  await sleep(2_000);
  server = await startEmbeddedPostgres({
    dataDir: path.join(folder, "data"),
    port: server.port,
    durable: false,
  });

  expect(await one(store.db, sql`select 1 as n`)).toEqual({ n: 1 });
  await queue.send(store.db, "sweep", { turn: 2 });
  await expect.poll(() => done, { timeout: 15_000 }).toEqual([{ turn: 1 }, { turn: 2 }]);
  await expect.poll(() => held, { timeout: 15_000 }).toBe(2);
  await expect
    .poll(async () => (await notifyLive(store.db, { topic: "block", id: "9" }), heard.length), {
      timeout: 15_000,
    })
    .toBeGreaterThan(0);
  stop.abort();
  await Promise.all([lease, live, queue.stop()]);
});
