import { need, type Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, toHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emitterAbi } from "../../test/emitter.ts";
import { type Emitting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";
import { enqueueTransaction, type OutboxStatus, runLane, transactionStatus } from "../index.ts";
import { devAccount } from "../local-node/index.ts";

const OURS = devAccount(1);
const STRANGER = devAccount(2);
let emitting: Emitting;
let ledger: Ledger;
let stop: () => Promise<void>;

beforeAll(async () => {
  emitting = await openEmitting();
});
afterAll(() => emitting.close());
beforeEach(async () => {
  ledger = await openLedger();
  stop = async () => {};
});
afterEach(async () => {
  await stop();
  await ledger.close();
});

function startLane(): void {
  const end = new AbortController();
  const { chain } = emitting;
  const done = runLane({
    store: ledger.store,
    chain,
    account: OURS,
    signal: end.signal,
    errors: emitterAbi,
  });
  stop = () => {
    end.abort();
    return done;
  };
}
/** Only the first call with this key succeeds. */
const once = (key: string): Hex =>
  encodeFunctionData({ abi: emitterAbi, functionName: "once", args: [keccak256(toHex(key))] });
const enqueueOnce = (key: string) =>
  enqueueTransaction(ledger.store.db, {
    chainId: emitting.chain.definition.id,
    key,
    to: emitting.emitter,
    data: once(key),
    purpose: "test",
  });
const strangersOnce = async (key: string): Promise<Hex> =>
  STRANGER.signTransaction({
    type: "eip1559",
    chainId: emitting.chain.definition.id,
    to: emitting.emitter,
    data: once(key),
    nonce: await emitting.node.getTransactionCount({ address: STRANGER.address }),
    gas: 200_000n,
    maxFeePerGas: 10n ** 12n,
    // Before ours in a block.
    maxPriorityFeePerGas: 10n ** 11n,
  });
const rawOf = async (key: string): Promise<Hex> => {
  const found = await one<{ raw: Hex }>(
    ledger.store.db,
    sql`select raw from chain.outbox_attempts join chain.outbox o on o.id = outbox_id where key = ${key}`,
  );
  return need(found, "a signed transaction").raw;
};
const becomes = (key: string, status: OutboxStatus["status"]): Promise<OutboxStatus> =>
  vi.waitFor(
    async () => {
      const found = await transactionStatus(ledger.store.db, key);
      if (found?.status !== status) throw new Error(`${key} is ${found?.status}, not ${status}`);
      return found;
    },
    { timeout: 60_000, interval: 20 },
  );
/** The last block is replaced by one that holds these. */
const replaceBlock = (...raws: Hex[]) =>
  emitting.node.request({
    method: "anvil_reorg" as never,
    params: [1, raws.map((raw) => [raw, 0])] as never,
  });
const makeFinal = () => emitting.node.mine({ blocks: emitting.chain.definition.finality.confirmations });
const watched = async () =>
  (await one(ledger.store.db, sql`select 1 from chain.outbox where block_hash is not null`)) !== undefined;

test("what succeeded, and reverts in the block that took the place of its own, fails", async () => {
  await enqueueOnce("overtaken");
  startLane();
  const before = await becomes("overtaken", "mined");
  // The lane sees only the end of it: the nonce is used as before, in another block.
  await stop();
  await replaceBlock(await strangersOnce("overtaken"), await rawOf("overtaken"));
  await makeFinal();
  startLane();
  const { error, transaction, blockNumber } = await becomes("overtaken", "failed");
  // The node keeps no state of a block that replaced another, so it cannot say why.
  expect(error).not.toBeNull();
  const receipt = await emitting.node.getTransactionReceipt({ hash: need(transaction, "its hash") });
  expect(receipt.status).toBe("reverted");
  expect({ transaction, blockNumber }).toEqual({
    transaction: before.transaction,
    blockNumber: before.blockNumber,
  });
  await expect.poll(watched).toBe(false);
  expect((await transactionStatus(ledger.store.db, "overtaken"))?.status).toBe("failed");
});

test("what reverted, and succeeds in the block that took the place of its own, is mined and final", async () => {
  await emitting.node.setAutomine(false);
  await enqueueOnce("let through");
  startLane();
  await becomes("let through", "sent");
  await vi.waitFor(async () => emitting.node.getTransaction({ hash: keccak256(await rawOf("let through")) }));
  await emitting.node.sendRawTransaction({ serializedTransaction: await strangersOnce("let through") });
  await emitting.node.mine({ blocks: 1 });
  expect((await becomes("let through", "failed")).error).toMatchObject({ name: "Emitter_Refused" });
  await replaceBlock(await rawOf("let through"));
  expect((await becomes("let through", "mined")).error).toBeNull();
  await emitting.node.setAutomine(true);
  await makeFinal();
  await becomes("let through", "final");
});
