import { rows, sql } from "@sooth/store";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { caughtUp, countingHandlers, dump } from "../../test/counting.ts";
import {
  type Emitting,
  follow,
  followCounting,
  type Ledger,
  openEmitting,
  openLedger,
} from "../../test/stage.ts";
import { historyOf } from "./histories.ts";

let emitting: Emitting;
let ledger: Ledger;

beforeAll(async () => {
  emitting = await openEmitting();
  // Final blocks below, and some that may be taken back above.
  for (let block = 0; block < 6; block++) await emitting.emit(5, block);
  await emitting.node.mine({ blocks: 200 });
  for (let block = 0; block < 6; block++) await emitting.emit(3, 100 + block);
});
afterAll(() => emitting.close());
beforeEach(async () => {
  ledger = await openLedger();
});
afterEach(() => ledger.close());

const chainId = () => emitting.chain.definition.id;
const late = () => [{ ...countingHandlers(emitting.emitter), ownTables: true }];
/** Nothing of the emitter was followed until now. */
const followedWithoutIt = async () => {
  const stop = follow(ledger.store, emitting.chain, []);
  await caughtUp(ledger.store, emitting.chain);
  await stop();
};
const pastRead = () =>
  expect
    .poll(() => rows(ledger.store.db, sql`select address, through from chain.histories`), { timeout: 60_000 })
    .toEqual([{ address: emitting.emitter, through: null }]);
/** The tables as a follower makes them that had the contract from the start. */
async function replayed(): Promise<Awaited<ReturnType<typeof dump>>> {
  const fresh = await openLedger();
  const end = followCounting(fresh.store, emitting);
  await caughtUp(fresh.store, emitting.chain);
  await end();
  const tables = await dump(fresh.store);
  await fresh.close();
  return tables;
}

test("a contract that is followed later than the others is read from the first block, final or not", async () => {
  await followedWithoutIt();
  expect((await dump(ledger.store)).counted).toEqual([]);
  const stop = follow(ledger.store, emitting.chain, late());
  await pastRead();
  expect((await dump(ledger.store)).counted.length).toBeGreaterThan(0);
  expect(await dump(ledger.store)).toEqual(await replayed());
  // From here on it goes along, once.
  await emitting.emit(4, 500);
  await caughtUp(ledger.store, emitting.chain);
  await stop();
  expect(await dump(ledger.store)).toEqual(await replayed());
  const again = follow(ledger.store, emitting.chain, late());
  await emitting.emit(2, 501);
  await caughtUp(ledger.store, emitting.chain);
  await again();
  expect(await dump(ledger.store)).toEqual(await replayed());
});

test("what was read of the past is taken back with its blocks, and the new ones are read", async () => {
  await followedWithoutIt();
  const stop = follow(ledger.store, emitting.chain, late());
  await pastRead();
  const before = await dump(ledger.store);
  await emitting.node.request({ method: "anvil_rollback" as never, params: [4] as never });
  for (let block = 0; block < 5; block++) await emitting.emit(2, 700 + block);
  await caughtUp(ledger.store, emitting.chain);
  await stop();
  expect(await dump(ledger.store)).not.toEqual(before);
  expect(await dump(ledger.store)).toEqual(await replayed());
});

test("blocks that go while the past is half read are read anew, and those that come meanwhile too", async () => {
  await followedWithoutIt();
  // As a follower leaves it that ends in the middle, a few blocks below the head.
  const stop = follow(ledger.store, emitting.chain, late());
  await pastRead();
  await stop();
  const head = Number(await emitting.node.getBlockNumber());
  const half = head - 2;
  await ledger.store.transaction(async (tx) => {
    await sql`select chain.undo_above(${chainId()}, ${half})`.execute(tx);
    await sql`update chain.histories set through = ${half}`.execute(tx);
  });
  expect(await historyOf(ledger.store.db, chainId(), emitting.emitter)).toBe(half);
  await emitting.node.request({ method: "anvil_rollback" as never, params: [4] as never });
  for (let block = 0; block < 6; block++) await emitting.emit(3, 900 + block);
  const next = follow(ledger.store, emitting.chain, late());
  await caughtUp(ledger.store, emitting.chain);
  await pastRead();
  await next();
  expect(await historyOf(ledger.store.db, chainId(), emitting.emitter)).toBeUndefined();
  expect(await dump(ledger.store)).toEqual(await replayed());
});

test("a database that has it from the start reads nothing twice", async () => {
  const stop = follow(ledger.store, emitting.chain, late());
  await caughtUp(ledger.store, emitting.chain);
  await stop();
  await pastRead();
  expect(await dump(ledger.store)).toEqual(await replayed());
});
