import { at, type Hex } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, toHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emitterAbi } from "../../test/emitter.ts";
import { startProcess } from "../../test/killed-process.ts";
import { type Emitting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";
import { enqueueTransaction, type OutboxStatus, runLane, transactionStatus } from "../index.ts";
import { devAccount } from "../local-node/index.ts";

let emitting: Emitting;
let ledger: Ledger;
let stop: (() => Promise<void>) | undefined;
// An account of its own for each test: none inherits another's pool.
let account = 1;

beforeAll(async () => {
  emitting = await openEmitting();
});
afterAll(() => emitting.close());
beforeEach(async () => {
  ledger = await openLedger();
  account++;
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
  await emitting.node.setAutomine(true);
  await ledger.close();
});

function startLane(): void {
  const end = new AbortController();
  const { chain } = emitting;
  const done = runLane({
    store: ledger.store,
    chain,
    account: devAccount(account),
    signal: end.signal,
    errors: emitterAbi,
  });
  stop = () => {
    end.abort();
    return done;
  };
}

const idOf = (key: string): Hex => keccak256(toHex(`${account} ${key}`));
const callOf = (functionName: "effect" | "once", key: string): Hex =>
  encodeFunctionData({ abi: emitterAbi, functionName, args: [idOf(key)] });
const enqueue = (key: string, data: Hex = callOf("effect", key)) =>
  enqueueTransaction(ledger.store.db, {
    chainId: emitting.chain.definition.id,
    key,
    to: emitting.emitter,
    data,
    purpose: "test",
  });
const effectsOf = (key: string): Promise<bigint> =>
  emitting.node.readContract({
    address: emitting.emitter,
    abi: emitterAbi,
    functionName: "times",
    args: [idOf(key)],
  });
const becomes = (key: string, status: OutboxStatus["status"], timeout = 20_000): Promise<OutboxStatus> =>
  vi.waitFor(
    async () => {
      const found = await transactionStatus(ledger.store.db, key);
      if (found?.status !== status) throw new Error(`${key} is ${found?.status}, not ${status}`);
      return found;
    },
    { timeout, interval: 20 },
  );

test("a key is one effect, however often it is asked for", async () => {
  const first = await enqueue("claim");
  expect(first.created).toBe(true);
  expect(await enqueue("claim")).toEqual({ id: first.id, created: false });
  startLane();
  const { transaction, blockNumber } = await becomes("claim", "mined");
  const receipt = await emitting.node.getTransactionReceipt({ hash: transaction ?? "0x" });
  expect(Number(receipt.blockNumber)).toBe(blockNumber);
  await enqueue("claim");
  await becomes("claim", "mined");
  expect(await effectsOf("claim")).toBe(1n);
});

test("what is rolled back was never asked for", async () => {
  await expect(
    ledger.store.transaction(async (tx) => {
      await enqueueTransaction(tx, {
        chainId: 31337,
        key: "undone",
        to: emitting.emitter,
        data: "0x",
        purpose: "test",
      });
      throw new Error("the caller's row failed");
    }),
  ).rejects.toThrow("the caller's row failed");
  expect(await transactionStatus(ledger.store.db, "undone")).toBeUndefined();
});

test("a call that reverts fails by the contract's name for it, and blocks nobody", async () => {
  await enqueue("refused", encodeFunctionData({ abi: emitterAbi, functionName: "refuse", args: [7n] }));
  await enqueue("fine");
  startLane();
  await becomes("fine", "mined");
  const { error, transaction } = await becomes("refused", "failed");
  expect(error).toMatchObject({ name: "Emitter_Refused", text: "Emitter_Refused(7)" });
  expect(error?.data).toMatch(/^0x[0-9a-f]{72}$/);
  expect(transaction).toBeNull();
});

test("of two that exclude each other in one block, the second fails on the chain or before it", async () => {
  await emitting.node.setAutomine(false);
  await enqueue("a", callOf("once", "same"));
  await enqueue("b", callOf("once", "same"));
  startLane();
  await becomes("a", "sent");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await emitting.node.setAutomine(true);
  await emitting.node.mine({ blocks: 1 });
  await becomes("a", "mined");
  const { error } = await becomes("b", "failed");
  expect(error?.name).toBe("Emitter_Refused");
  expect(await effectsOf("same")).toBe(1n);
});

test("a transaction that needs an earlier one waits for it instead of failing", async () => {
  await emitting.node.setAutomine(false);
  await enqueue("first");
  startLane();
  await becomes("first", "sent");
  // Reverts now; whether for good shows only when the first is mined.
  await enqueue("second", encodeFunctionData({ abi: emitterAbi, functionName: "refuse", args: [1n] }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await transactionStatus(ledger.store.db, "second"))?.status).toBe("queued");
  await emitting.node.mine({ blocks: 1 });
  await becomes("second", "failed");
});

test("fees rise by an eighth at least until a stuck transaction is mined, once", async () => {
  await emitting.node.setAutomine(false);
  await enqueue("stuck");
  startLane();
  await becomes("stuck", "sent");
  // Each block asks for more than it offers.
  for (let block = 0n; block < 8n; block++) {
    await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 12n * 3n ** block });
    await emitting.node.mine({ blocks: 1 });
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await vi.waitFor(
    async () => {
      await emitting.node.mine({ blocks: 1 });
      if ((await transactionStatus(ledger.store.db, "stuck"))?.status !== "mined")
        throw new Error("not mined");
    },
    // Some fifty blocks, until what it offers and what blocks ask for have met.
    { timeout: 90_000, interval: 200 },
  );
  await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 9n });
  await emitting.node.mine({ blocks: 1 });
  const fees = await rows<{ fee: bigint; nonce: number }>(
    ledger.store.db,
    sql`select max_fee as fee, nonce from chain.outbox_attempts order by max_fee`,
  );
  expect(fees.length).toBeGreaterThan(2);
  const raisedEnough = fees.slice(1).every(({ fee }, index) => fee * 8n >= at(fees, index).fee * 9n);
  expect(raisedEnough).toBe(true);
  expect(new Set(fees.map(({ nonce }) => nonce)).size).toBe(1);
  expect(await effectsOf("stuck")).toBe(1n);
});

test("a transaction that the node forgot is sent again as it was", async () => {
  await emitting.node.setAutomine(false);
  await enqueue("dropped");
  startLane();
  const { transaction } = await becomes("dropped", "sent");
  await vi.waitFor(() => emitting.node.getTransaction({ hash: transaction ?? "0x" }), { timeout: 60_000 });
  await emitting.node.dropTransaction({ hash: transaction ?? "0x" });
  await emitting.node.mine({ blocks: 2 });
  await vi.waitFor(() => emitting.node.getTransaction({ hash: transaction ?? "0x" }), { timeout: 60_000 });
  await emitting.node.mine({ blocks: 1 });
  expect((await becomes("dropped", "mined")).transaction).toBe(transaction);
  expect(await effectsOf("dropped")).toBe(1n);
});

test("when a stranger took the nonce, it is queued again once that is final", async () => {
  await emitting.node.setAutomine(false);
  await enqueue("robbed");
  startLane();
  const { transaction } = await becomes("robbed", "sent");
  await vi.waitFor(() => emitting.node.getTransaction({ hash: transaction ?? "0x" }), { timeout: 60_000 });
  await emitting.node.dropTransaction({ hash: transaction ?? "0x" });
  const stranger = devAccount(account);
  const raw = await stranger.signTransaction({
    type: "eip1559",
    chainId: 31337,
    to: stranger.address,
    nonce: await emitting.node.getTransactionCount({ address: stranger.address }),
    gas: 21_000n,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 10n ** 9n,
  });
  await emitting.node.sendRawTransaction({ serializedTransaction: raw });
  await emitting.node.mine({ blocks: 1 });
  await vi.waitFor(
    async () => {
      const row = await one(ledger.store.db, sql`select 1 from chain.outbox where lost_at is not null`);
      if (!row) throw new Error("not seen as lost");
    },
    { timeout: 60_000 },
  );
  expect((await transactionStatus(ledger.store.db, "robbed"))?.status).toBe("sent");
  await emitting.node.setAutomine(true);
  await emitting.node.mine({ blocks: emitting.chain.definition.finality.confirmations });
  const { transaction: second } = await becomes("robbed", "mined");
  expect(second).not.toBe(transaction);
  expect(await effectsOf("robbed")).toBe(1n);
});

test("a mined transaction whose block is taken back is sent again, and final when deep", async () => {
  await enqueue("reorged");
  startLane();
  const { blockNumber } = await becomes("reorged", "mined");
  await emitting.node.request({ method: "anvil_rollback" as never, params: [1] as never });
  expect(await effectsOf("reorged")).toBe(0n);
  await vi.waitFor(
    async () => {
      if ((await effectsOf("reorged")) !== 1n) throw new Error("not sent again");
    },
    { timeout: 60_000 },
  );
  await becomes("reorged", "mined");
  expect(blockNumber).not.toBeNull();
  await emitting.node.mine({ blocks: emitting.chain.definition.finality.confirmations });
  await becomes("reorged", "final");
  expect(await effectsOf("reorged")).toBe(1n);
});

test("200 transactions, the lane killed without warning 8 times: each effect once", async () => {
  const keys = Array.from({ length: 200 }, (_, index) => `effect ${index}`);
  await emitting.node.setAutomine(false);
  const mining = setInterval(() => void emitting.node.mine({ blocks: 1 }), 250);
  await ledger.store.transaction(async (tx) => {
    for (const key of keys)
      await enqueueTransaction(tx, {
        chainId: emitting.chain.definition.id,
        key,
        to: emitting.emitter,
        data: callOf("effect", key),
        purpose: "test",
      });
  });
  const args = [ledger.url, emitting.anvil.rpcUrl, String(account)];
  const statuses = async () =>
    rows<{ status: string; n: number }>(
      ledger.store.db,
      sql`select status::text, count(*) as n from chain.outbox group by 1`,
    );
  const doneBeforeKills: number[] = [];
  for (let kill = 0; kill < 8; kill++) {
    const lane = await startProcess("lane-child.ts", args);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
    await lane.kill();
    doneBeforeKills.push((await statuses()).find(({ status }) => status === "mined")?.n ?? 0);
  }
  const last = await startProcess("lane-child.ts", args);
  await vi.waitFor(
    async () => {
      const found = await statuses();
      if (found.some(({ status }) => status !== "mined")) throw new Error(JSON.stringify(found));
    },
    { timeout: 60_000, interval: 100 },
  );
  await last.kill();
  clearInterval(mining);
  const effects = await Promise.all(keys.map(effectsOf));
  expect(effects.every((times) => times === 1n)).toBe(true);
  // The kills fell into the work, not before or after it.
  expect(doneBeforeKills.at(-1)).toBeLessThan(200);
  const sent = await emitting.node.getTransactionCount({ address: devAccount(account).address });
  expect(sent).toBe(200);
}, 120_000);
