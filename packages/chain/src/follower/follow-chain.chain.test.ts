import { afterAll, beforeAll, expect, test } from "vitest";
import { caughtUp, dump } from "../../test/counting.ts";
import { type Emitting, followCounting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";

let emitting: Emitting;
let ledger: Ledger;
let stop: () => Promise<void>;

beforeAll(async () => {
  emitting = await openEmitting();
  ledger = await openLedger();
  stop = followCounting(ledger.store, emitting);
  for (let block = 0; block < 30; block++) await emitting.emit(3, block);
  await caughtUp(ledger.store, emitting.chain);
});
afterAll(async () => {
  await stop();
  await ledger.close();
  await emitting.close();
});

/** The tables as a new follower makes them, which never saw a reorg. */
async function replayed(): Promise<Awaited<ReturnType<typeof dump>>> {
  const fresh = await openLedger();
  const end = followCounting(fresh.store, emitting);
  await caughtUp(fresh.store, emitting.chain);
  await end();
  const tables = await dump(fresh.store);
  await fresh.close();
  return tables;
}

test("rows are what the chain's logs say", async () => {
  const { counted, accounts } = await dump(ledger.store);
  expect(counted).toHaveLength(90 - 18);
  expect(accounts).toHaveLength(1);
  expect(await replayed()).toEqual({ counted, accounts });
});

test.each([1, 5, 20])("after a rollback of %i blocks and new ones, tables equal a replay", async (depth) => {
  const before = await dump(ledger.store);
  await emitting.node.request({ method: "anvil_rollback" as never, params: [depth] as never });
  for (let block = 0; block < depth + 2; block++) await emitting.emit(2, 1_000 + depth + block);
  await caughtUp(ledger.store, emitting.chain);
  const after = await dump(ledger.store);
  expect(after).not.toEqual(before);
  expect(after).toEqual(await replayed());
});

test.each([1, 5, 20])(
  "after %i blocks were replaced at the same height, tables equal a replay",
  async (depth) => {
    const before = await dump(ledger.store);
    await emitting.node.request({ method: "anvil_reorg" as never, params: [depth, []] as never });
    await caughtUp(ledger.store, emitting.chain);
    const after = await dump(ledger.store);
    expect(after).not.toEqual(before);
    expect(after).toEqual(await replayed());
    await emitting.emit(4, depth);
    for (let block = 0; block < depth; block++) await emitting.emit(2, 2_000 + depth + block);
    await caughtUp(ledger.store, emitting.chain);
    expect(await dump(ledger.store)).toEqual(await replayed());
  },
);

test("a chain that is shorter than before, with nothing new, is followed down", async () => {
  const before = await dump(ledger.store);
  await emitting.node.request({ method: "anvil_rollback" as never, params: [4] as never });
  await caughtUp(ledger.store, emitting.chain);
  const after = await dump(ledger.store);
  expect(after).not.toEqual(before);
  expect(after).toEqual(await replayed());
});
