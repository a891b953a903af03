import { afterAll, beforeAll, expect, test } from "vitest";
import { one, sql } from "@sooth/store";
import { caughtUp, dump } from "../../test/counting.ts";
import { startProcess } from "../../test/killed-process.ts";
import { type Emitting, followCounting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";

let emitting: Emitting;
let ledger: Ledger;

beforeAll(async () => {
  emitting = await openEmitting();
  ledger = await openLedger();
  // Final blocks below, unfinal ones above: the kills fall into both ways of reading.
  for (let block = 0; block < 24; block++) await emitting.emit(40, block);
  await emitting.node.mine({ blocks: 120 });
  for (let block = 0; block < 20; block++) await emitting.emit(20, block);
});
afterAll(async () => {
  await ledger.close();
  await emitting.close();
});

test("a follower killed in the middle of ranges leaves whole blocks, and the next goes on", async () => {
  const cursors: number[] = [];
  for (let kill = 0; kill < 5; kill++) {
    const follower = await startProcess("follow-child.ts", [
      ledger.url,
      emitting.anvil.rpcUrl,
      emitting.emitter,
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 300));
    await follower.kill();
    const cursor = await one<{ number: number }>(ledger.store.db, sql`select number from chain.cursors`);
    const last = await one<{ block: number | null }>(
      ledger.store.db,
      sql`select max(block) as block from counting.counted`,
    );
    cursors.push(cursor?.number ?? -1);
    expect(last?.block ?? -1).toBeLessThanOrEqual(cursor?.number ?? -1);
  }
  expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
  // The kills fell into the work, not after it.
  expect(cursors[0]).toBeLessThan(Number(await emitting.node.getBlockNumber()));
  const stop = followCounting(ledger.store, emitting);
  await caughtUp(ledger.store, emitting.chain);
  await stop();
  const fresh = await openLedger();
  const end = followCounting(fresh.store, emitting);
  await caughtUp(fresh.store, emitting.chain);
  await end();
  expect(await dump(ledger.store)).toEqual(await dump(fresh.store));
  await fresh.close();
});
