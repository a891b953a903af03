import type { Hex } from "@sooth/kernel";
import { need } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, toHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emitterAbi } from "../../test/emitter.ts";
import { startProcess } from "../../test/killed-process.ts";
import { type Emitting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";
import {
  enqueueTransactions,
  type OutboxRequest,
  type OutboxStatus,
  runLane,
  transactionStatus,
  transactionStatuses,
} from "../index.ts";
import { devAccount } from "../local-node/index.ts";

const STRANGER = devAccount(0);
const GAS = 60_000;
let emitting: Emitting;
let ledger: Ledger;
let stop: () => Promise<void>;
// An account of its own for each test: none inherits another's pool.
let account = 1;

beforeAll(async () => {
  emitting = await openEmitting();
});
afterAll(() => emitting.close());
beforeEach(async () => {
  ledger = await openLedger();
  account++;
  stop = async () => {};
});
afterEach(async () => {
  await stop();
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
const refusal = encodeFunctionData({ abi: emitterAbi, functionName: "refuse", args: [7n] });
const names = (count: number) => Array.from({ length: count }, (_, index) => `call ${index}`);
const enqueue = (
  keys: readonly string[],
  o: Partial<OutboxRequest> & { dataOf?: (key: string) => Hex } = {},
) => {
  const { dataOf = (key: string) => callOf("effect", key), ...rest } = o;
  return enqueueTransactions(
    ledger.store.db,
    keys.map((key) => ({
      chainId: emitting.chain.definition.id,
      key,
      to: emitting.emitter,
      data: dataOf(key),
      purpose: "test",
      joinsGas: GAS,
      ...rest,
    })),
  );
};
const effectsOf = (key: string): Promise<bigint> =>
  emitting.node.readContract({
    address: emitting.emitter,
    abi: emitterAbi,
    functionName: "times",
    args: [idOf(key)],
  });
const allBecome = (keys: readonly string[], status: OutboxStatus["status"]): Promise<OutboxStatus[]> =>
  vi.waitFor(
    async () => {
      const found = [...(await transactionStatuses(ledger.store.db, keys)).values()];
      expect(found.map((one) => [one.key, one.status])).toEqual(
        expect.arrayContaining(keys.map((key) => [key, status])),
      );
      return found;
    },
    { timeout: 60_000, interval: 20 },
  );
const hashesOf = (found: readonly OutboxStatus[]) => new Set(found.map(({ transaction }) => transaction));
const carriers = () =>
  rows<{ key: string; status: string }>(
    ledger.store.db,
    sql`select key, status::text from chain.outbox where key like 'joined:%' order by id`,
  );

test("calls asked for together are one transaction, each of them once, and in the end final", async () => {
  const keys = names(30);
  await enqueue(keys);
  await enqueue(keys);
  startLane();
  const found = await allBecome(keys, "mined");
  expect(hashesOf(found).size).toBe(1);
  for (const key of keys) expect(await effectsOf(key)).toBe(1n);
  await emitting.node.mine({ blocks: emitting.chain.definition.finality.confirmations });
  await allBecome(keys, "final");
});

test("their gas has a bound, and what may not be joined travels alone", async () => {
  const joined = names(4);
  await enqueue(joined, { joinsGas: 4_000_000 });
  await enqueue(["alone"], { joinsGas: undefined });
  await enqueue(["other"], { purpose: "other" });
  startLane();
  const found = await allBecome(joined, "mined");
  expect(hashesOf(found).size).toBe(2);
  const [alone] = await allBecome(["alone"], "mined");
  const [other] = await allBecome(["other"], "mined");
  expect(hashesOf([...found, need(alone, "one"), need(other, "one")]).size).toBe(4);
});

test("one that is refused is told by its own reason, and the others go on without it", async () => {
  const keys = names(20);
  await enqueue(keys, { dataOf: (key) => (key === "call 13" ? refusal : callOf("effect", key)) });
  startLane();
  const others = keys.filter((key) => key !== "call 13");
  await allBecome(others, "mined");
  const [refused] = await allBecome(["call 13"], "failed");
  expect(refused?.error).toMatchObject({ name: "Emitter_Refused", text: "Emitter_Refused(7)" });
  expect(refused?.transaction).toBeNull();
  for (const key of others) expect(await effectsOf(key)).toBe(1n);
});

test("where a stranger is quicker in the block, the others go on, and his is told as failed", async () => {
  await emitting.node.setAutomine(false);
  const keys = names(5);
  await enqueue(keys, { dataOf: (key) => callOf("once", key) });
  startLane();
  const sent = await allBecome(keys, "sent");
  expect(hashesOf(sent)).toEqual(new Set([expect.stringMatching(/^0x[0-9a-f]{64}$/)]));
  await emitting.node.sendRawTransaction({
    serializedTransaction: await STRANGER.signTransaction({
      type: "eip1559",
      chainId: emitting.chain.definition.id,
      to: emitting.emitter,
      data: callOf("once", "call 2"),
      nonce: await emitting.node.getTransactionCount({ address: STRANGER.address }),
      gas: 200_000n,
      maxFeePerGas: 10n ** 12n,
      // Before ours in a block.
      maxPriorityFeePerGas: 10n ** 11n,
    }),
  });
  await emitting.node.mine({ blocks: 1 });
  await emitting.node.setAutomine(true);
  await allBecome(
    keys.filter((key) => key !== "call 2"),
    "mined",
  );
  const [refused] = await allBecome(["call 2"], "failed");
  expect(refused?.error?.name).toBe("Emitter_Refused");
  for (const key of keys) expect(await effectsOf(key)).toBe(1n);
});

test("after a reorg they are under way again, and mined once", async () => {
  const before = await emitting.node.snapshot();
  const keys = names(6);
  await enqueue(keys);
  startLane();
  await allBecome(keys, "mined");
  await stop();
  await emitting.node.revert({ id: before });
  await emitting.node.setAutomine(false);
  startLane();
  await allBecome(keys, "sent");
  await emitting.node.setAutomine(true);
  await emitting.node.mine({ blocks: 1 });
  await allBecome(keys, "mined");
  for (const key of keys) expect(await effectsOf(key)).toBe(1n);
});

test("a lane that is killed at any time makes each call once", async () => {
  const keys = names(40);
  for (let part = 0; part < 4; part++) {
    const child = await startProcess("lane-child.ts", [ledger.url, emitting.anvil.rpcUrl, String(account)]);
    await enqueue(keys.slice(part * 10, part * 10 + 10));
    await new Promise((resolve) => setTimeout(resolve, part * 40));
    await child.kill();
  }
  startLane();
  await allBecome(keys, "mined");
  for (const key of keys) expect(await effectsOf(key)).toBe(1n);
  const joined = await carriers();
  expect(joined.length).toBeGreaterThan(0);
  expect(joined.map(({ status }) => status)).toEqual(joined.map(() => "mined"));
});

test("two accounts' lanes share them out", async () => {
  const keys = names(60);
  const end = new AbortController();
  const lanes = [account, ++account].map((index) =>
    runLane({
      store: ledger.store,
      chain: emitting.chain,
      account: devAccount(index),
      signal: end.signal,
    }),
  );
  stop = async () => {
    end.abort();
    await Promise.all(lanes);
  };
  for (let part = 0; part < 6; part++) await enqueue(keys.slice(part * 10, part * 10 + 10));
  await allBecome(keys, "mined");
  for (const key of keys) expect(await effectsOf(key)).toBe(1n);
  const found = await one(
    ledger.store.db,
    sql`select 1 from chain.outbox where carrier is null and status <> 'mined'`,
  );
  expect(found).toBeUndefined();
  expect(await transactionStatus(ledger.store.db, "nobody asked")).toBeUndefined();
});
