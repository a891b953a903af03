import type { Address, Hex } from "@sooth/kernel";
import { encodeFunctionData, keccak256, toHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emitterAbi } from "../../test/emitter.ts";
import { type Emitting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";
import { enqueueTransaction, type OutboxRequest, runLane, transactionStatus } from "../index.ts";
import { devAccount } from "../local-node/index.ts";
import { bind, storeAttempt, takeQueued } from "./rows.ts";

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
  const o = { store: ledger.store, chain: emitting.chain, account: devAccount(account), signal: end.signal };
  const done = runLane(o);
  stop = () => {
    end.abort();
    return done;
  };
}
const burning = (logs: number): Hex =>
  encodeFunctionData({ abi: emitterAbi, functionName: "emitMany", args: [BigInt(logs), 1n] });
const effect = (key: string): Hex =>
  encodeFunctionData({
    abi: emitterAbi,
    functionName: "effect",
    args: [keccak256(toHex(`${account} ${key}`))],
  });
const enqueue = (key: string, data: Hex, over: Partial<OutboxRequest> = {}) =>
  enqueueTransaction(ledger.store.db, {
    chainId: emitting.chain.definition.id,
    key,
    to: emitting.emitter,
    data,
    purpose: "test",
    ...over,
  });
const becomes = (key: string, status: string) =>
  vi.waitFor(
    async () => {
      const found = await transactionStatus(ledger.store.db, key);
      if (found?.status !== status) throw new Error(`${key} is ${found?.status}, not ${status}`);
      return found;
    },
    { timeout: 60_000, interval: 20 },
  );
const noncesUsed = () => emitting.node.getTransactionCount({ address: devAccount(account).address });

test.each([
  ["its own ceiling", burning(50), { gasLimit: 100_000n }, /needs \d{6} gas, and 100000 is allowed/],
  ["four times its own ceiling", burning(700), { gasLimit: 100_000n }, /more than 400000 gas, and 100000 is/],
  ["what any transaction may take", burning(7_000), {}, /needs \d{8} gas, and 16777216 is allowed/],
  ["a whole block", burning(30_000), {}, /more than 30000000 gas, and 16777216 is allowed/],
])("what needs more gas than %s fails without a nonce, and blocks nobody", async (_, data, over, text) => {
  await enqueue("greedy", data, over);
  await enqueue("fine", effect("fine"));
  startLane();
  await becomes("fine", "mined");
  const { error, transaction } = await becomes("greedy", "failed");
  expect(error).toMatchObject({ name: "GasTooHigh", text: expect.stringMatching(text) });
  expect(transaction).toBeNull();
  expect(await noncesUsed()).toBe(1);
});

test("a transaction never offers more gas than its ceiling", async () => {
  const { node, emitter } = emitting;
  const from = devAccount(account).address;
  const needed = await node.estimateGas({ account: from, to: emitter, data: burning(50) });
  // The usual fifth to spare would be above it.
  const gasLimit = needed + needed / 10n;
  await enqueue("tight", burning(50), { gasLimit });
  startLane();
  const { transaction } = await becomes("tight", "mined");
  expect((await node.getTransaction({ hash: transaction ?? "0x" })).gas).toBe(gasLimit);
});

test("a stored transaction that no node takes makes room for those behind it, and fails", async () => {
  const signer = devAccount(account);
  const lane = {
    chainId: emitting.chain.definition.id,
    account: signer.address.toLowerCase() as Address,
  };
  await enqueue("wedge", effect("wedge"));
  const [row] = await takeQueued(ledger.store.db, lane.chainId, 0, { all: 1, lower: 1 });
  if (!row) throw new Error("nothing queued");
  // As after a crash, on a chain whose blocks have become smaller since.
  const gas = 40_000_000;
  const fees = { maxFee: 10n ** 11n, maxPriorityFee: 10n ** 9n };
  const raw = await signer.signTransaction({
    type: "eip1559",
    chainId: lane.chainId,
    to: row.to,
    data: row.data,
    nonce: 0,
    gas: BigInt(gas),
    maxFeePerGas: fees.maxFee,
    maxPriorityFeePerGas: fees.maxPriorityFee,
  });
  await bind(ledger.store.db, lane, row, { nonce: 0, gas });
  await storeAttempt(ledger.store.db, row.id, 0, { ...fees, raw, hash: keccak256(raw), atBlock: 0 });
  await enqueue("behind", effect("behind"));
  startLane();
  await becomes("behind", "mined");
  const { error, transaction } = await becomes("wedge", "failed");
  expect(error).toMatchObject({ name: "RefusedByNode", text: expect.stringMatching(/gas/) });
  const filler = await emitting.node.getTransaction({ hash: transaction ?? "0x" });
  expect(filler).toMatchObject({ nonce: 0, to: lane.account, from: lane.account, input: "0x", value: 0n });
  expect(await noncesUsed()).toBe(2);
});

test("an answer queued after 200 stakes goes out next", async () => {
  await emitting.node.setAutomine(false);
  await ledger.store.transaction(async (tx) => {
    for (let index = 0; index < 200; index++)
      await enqueueTransaction(tx, {
        chainId: emitting.chain.definition.id,
        key: `stake ${index}`,
        to: emitting.emitter,
        data: effect(`stake ${index}`),
        purpose: "stake",
        priority: 2,
      });
  });
  const sentOf = async (purpose: string): Promise<number> => {
    const found = await ledger.store.pool.query(
      "select 1 from chain.outbox where purpose = $1 and status = 'sent'",
      [purpose],
    );
    return found.rows.length;
  };
  startLane();
  await expect.poll(() => sentOf("stake"), { timeout: 60_000 }).toBe(12);
  // No block is mined meanwhile: it takes one of the places kept free.
  await enqueue("answer", effect("answer"), { purpose: "answer", priority: 0 });
  await becomes("answer", "sent");
  expect(await sentOf("stake")).toBe(12);
  // Claims come before the stakes that wait still.
  await enqueue("claim", effect("claim"), { purpose: "claim" });
  // What is noted as sent may be on its way to the node still, and the one block would be without it.
  const { address } = devAccount(account);
  await expect.poll(() => emitting.node.getTransactionCount({ address, blockTag: "pending" })).toBe(13);
  await vi.waitFor(() => emitting.node.mine({ blocks: 1 }));
  await becomes("answer", "mined");
  await becomes("claim", "sent");
  expect(await sentOf("stake")).toBe(11);
});
