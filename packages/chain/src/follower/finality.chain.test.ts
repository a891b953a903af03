import { type LiveEvent, listenLive, one, rows, sql } from "@sooth/store";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { caughtUp, countingHandlers, dump } from "../../test/counting.ts";
import { type Emitting, followCounting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";
import { type BlockRef, followChain, followedHead } from "../index.ts";

let first: Emitting;
let second: Emitting;
let ledger: Ledger;

beforeAll(async () => {
  // Two nodes of one chain id with nothing in common: what a wiped node looks like.
  [first, second] = await Promise.all([openEmitting(), openEmitting()]);
  await first.emit(7, 1);
  await second.emit(5, 2);
});
afterAll(() => Promise.all([first.close(), second.close()]));
beforeEach(async () => {
  ledger = await openLedger();
});
afterEach(() => ledger.close());

test("a wiped node is replayed from the start while all is undoable", async () => {
  const stop = followCounting(ledger.store, first);
  await caughtUp(ledger.store, first.chain);
  await stop();
  const next = followCounting(ledger.store, second);
  await caughtUp(ledger.store, second.chain);
  await next();
  const fresh = await openLedger();
  const end = followCounting(fresh.store, second);
  await caughtUp(fresh.store, second.chain);
  await end();
  expect(await dump(ledger.store)).toEqual(await dump(fresh.store));
  await fresh.close();
});

test("the caller hears of the head in its transaction, and of handlers' rows before it", async () => {
  const heads: { head: BlockRef; rows: number }[] = [];
  const stop = new AbortController();
  const following = followChain({
    store: ledger.store,
    chain: first.chain,
    fromBlock: 0,
    handlers: [countingHandlers(first.emitter)],
    onBlock: async (tx, head) => {
      const found = await rows(tx, sql`select 1 from counting.counted where block <= ${head.number}`);
      heads.push({ head, rows: found.length });
      await sql`insert into counting.accounts values (${head.number}, 'head', 1)`.execute(tx);
    },
    signal: stop.signal,
  });
  await caughtUp(ledger.store, first.chain);
  await first.emit(5, 9);
  await caughtUp(ledger.store, first.chain);
  await first.node.request({ method: "anvil_rollback" as never, params: [1] as never });
  await caughtUp(ledger.store, first.chain);
  stop.abort();
  await following;
  expect(await followedHead(ledger.store.db, 31337)).toEqual(heads[0]?.head);
  const { number, hash, timestamp } = await first.node.getBlock();
  expect(heads[0]).toEqual({
    head: { chainId: 31337, number: Number(number), hash, timestamp: Number(timestamp) },
    rows: 6,
  });
  expect(heads[1]?.rows).toBe(10);
  // The row that was written for the block that was taken back went with it.
  expect(await rows(ledger.store.db, sql`select chain from counting.accounts where by = 'head'`)).toEqual([
    { chain: Number(number) },
  ]);
});

test("whoever listens hears of a rollback, and from which block on", async () => {
  expect(await followedHead(ledger.store.db, 31337)).toBeUndefined();
  const heard: LiveEvent[] = [];
  const end = new AbortController();
  const listening = listenLive(ledger.store, (event) => heard.push(event), end.signal);
  const stop = followCounting(ledger.store, first);
  await first.emit(5, 4);
  await first.emit(5, 4);
  await caughtUp(ledger.store, first.chain);
  const head = Number((await first.node.getBlock()).number);
  expect(heard).toEqual([]);
  await first.node.request({ method: "anvil_reorg" as never, params: [2, []] as never });
  await caughtUp(ledger.store, first.chain);
  await expect
    .poll(() => heard)
    .toEqual([
      { topic: "block", id: "reset", data: { chainId: 31337, reset: true, from: expect.any(Number) } },
    ]);
  expect(heard[0]?.data).toMatchObject({ from: head - 1 });
  await stop();
  end.abort();
  await listening;
});

test("what is final is forgotten, and a chain that differs there stops the follower with a clear error", async () => {
  await first.node.mine({ blocks: 150 });
  await second.node.mine({ blocks: 160 });
  const stop = followCounting(ledger.store, first);
  await caughtUp(ledger.store, first.chain);
  await first.emit(5, 3);
  await caughtUp(ledger.store, first.chain);
  await stop();
  const head = Number(await first.node.getBlockNumber({ cacheTime: 0 }));
  expect(
    await one(ledger.store.db, sql`select min(number) as lowest, count(*) as n from chain.blocks`),
  ).toEqual({
    lowest: head - 128,
    n: 129,
  });
  const undo = await rows<{ block: number }>(ledger.store.db, sql`select distinct block from chain.undo`);
  expect(undo).toEqual([{ block: head }]);
  const before = await dump(ledger.store);
  await expect(
    followChain({
      store: ledger.store,
      chain: second.chain,
      fromBlock: 0,
      handlers: [countingHandlers(second.emitter)],
      signal: AbortSignal.timeout(90_000),
    }),
  ).rejects.toMatchObject({ code: "chain.reorg_too_deep", data: { kept: head - 127 } });
  expect(await dump(ledger.store)).toEqual(before);
});
