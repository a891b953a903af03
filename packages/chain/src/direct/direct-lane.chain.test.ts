import { at, type Hex, need } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, parseTransaction, toHex } from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { emitterAbi } from "../../test/emitter.ts";
import { BREAK, startProxy } from "../../test/rpc-proxy.ts";
import { type Emitting, type Ledger, openEmitting, openLedger } from "../../test/stage.ts";
import { type Chain, DirectLane, openChain } from "../index.ts";
import { devAccount } from "../local-node/index.ts";

let emitting: Emitting;
let ledger: Ledger;
let lane: DirectLane;
// An account of its own for each test: none inherits another's pool.
let account = 1;

beforeAll(async () => {
  emitting = await openEmitting();
});
afterAll(() => emitting.close());
beforeEach(async () => {
  ledger = await openLedger();
  account++;
  await calm();
  lane = await laneOn(emitting.chain);
});
afterEach(async () => {
  lane.end();
  await emitting.node.setAutomine(true);
  await ledger.close();
});

async function laneOn(chain: Chain): Promise<DirectLane> {
  const opened = new DirectLane({ store: ledger.store, chain, account: devAccount(account) });
  await opened.begin();
  return opened;
}
/** A block that asks little, whatever those before it asked. */
async function calm(): Promise<void> {
  await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 9n });
  await emitting.node.mine({ blocks: 1 });
}
const idOf = (key: string): Hex => keccak256(toHex(`${account} ${key}`));
const send = (key: string, gas = 100_000n) =>
  lane.send({
    to: emitting.emitter,
    data: encodeFunctionData({ abi: emitterAbi, functionName: "effect", args: [idOf(key)] }),
    value: 0n,
    gas,
    purpose: "test",
  });
const effectsOf = (key: string): Promise<bigint> =>
  emitting.node.readContract({
    address: emitting.emitter,
    abi: emitterAbi,
    functionName: "times",
    args: [idOf(key)],
  });
const look = async (): Promise<void> =>
  lane.onHead(Number(await emitting.node.getBlockNumber({ cacheTime: 0 })));
/** So many blocks, each of them seen. */
async function pass(blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    await emitting.node.mine({ blocks: 1 });
    await look();
  }
}
const countOf = (): Promise<number> => emitting.node.getTransactionCount({ address: lane.account });
const journal = (): Promise<{ nonce: number; hash: Hex; raw: Hex }[]> =>
  rows(ledger.store.db, sql`select nonce, hash, raw from chain.direct order by nonce, at_block`);
/** From the account of the lane, past the lane. */
async function sendAsStranger(nonce: number): Promise<void> {
  const stranger = devAccount(account);
  const serializedTransaction = await stranger.signTransaction({
    type: "eip1559",
    chainId: emitting.chain.definition.id,
    to: stranger.address,
    nonce,
    gas: 21_000n,
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 10n ** 9n,
  });
  await emitting.node.sendRawTransaction({ serializedTransaction });
}
/** The hash of the one that was mined. */
async function minedOf(hashes: readonly Hex[] | null): Promise<Hex[]> {
  const found = await Promise.all(
    need(hashes, "hashes of a nonce").map((hash) =>
      emitting.node.getTransactionReceipt({ hash }).then(
        () => [hash],
        () => [],
      ),
    ),
  );
  return found.flat();
}

test("what waits is offered an eighth more every second block, and runs once", async () => {
  await emitting.node.setAutomine(false);
  const { used } = await send("stuck");
  // Each block asks for more than it offers.
  for (let block = 0n; block < 6n; block++) {
    await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 12n * 3n ** block });
    await pass(1);
  }
  await calm();
  await look();
  const kept = await journal();
  expect(kept.length).toBeGreaterThan(2);
  expect(new Set(kept.map(({ nonce }) => nonce)).size).toBe(1);
  const fees = kept.map(({ raw }) => parseTransaction(raw).maxFeePerGas ?? 0n);
  expect(fees.slice(1).every((fee, index) => fee * 8n >= at(fees, index) * 9n)).toBe(true);
  const hashes = need(await used, "hashes");
  expect([...hashes].toSorted()).toEqual(kept.map(({ hash }) => hash).toSorted());
  expect(await minedOf(hashes)).toHaveLength(1);
  expect(await effectsOf("stuck")).toBe(1n);
});

test("when what was offered first is mined after all, it is among those that are told", async () => {
  await emitting.node.setAutomine(false);
  const { hash: first, used } = await send("overtaken");
  await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 13n });
  await pass(1);
  await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 13n });
  await pass(1);
  const [one, two] = await journal();
  expect(one?.hash).toBe(first);
  // A builder keeps what it got first.
  await emitting.node.dropTransaction({ hash: need(two, "a replacement").hash });
  await calm();
  await emitting.node.sendRawTransaction({ serializedTransaction: need(one, "the first").raw });
  await pass(1);
  expect(await used).toEqual([first, two?.hash]);
  expect(await minedOf(await used)).toEqual([first]);
  expect(await effectsOf("overtaken")).toBe(1n);
});

test("what a node forgot reaches it again, and so does what stands behind it", async () => {
  await emitting.node.setAutomine(false);
  const [lost, behind] = [await send("lost"), await send("behind")];
  await emitting.node.dropTransaction({ hash: lost.hash });
  await emitting.node.dropTransaction({ hash: behind.hash });
  await pass(3);
  expect(await minedOf(await lost.used)).toHaveLength(1);
  expect(await minedOf(await behind.used)).toHaveLength(1);
  expect([await effectsOf("lost"), await effectsOf("behind")]).toEqual([1n, 1n]);
});

test("what offers more than five times the market and was forgotten is sent again as it was", async () => {
  await emitting.node.setAutomine(false);
  await emitting.node.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 12n });
  await pass(1);
  const { hash, used } = await send("dear");
  await emitting.node.dropTransaction({ hash });
  await calm();
  await calm();
  await look();
  await pass(1);
  expect(await used).toEqual([hash]);
  expect(await effectsOf("dear")).toBe(1n);
});

test("where a stranger took the nonce none of ours was mined, and the next ones follow on it", async () => {
  await emitting.node.setAutomine(false);
  const nonce = await countOf();
  const { hash, used } = await send("robbed");
  await emitting.node.dropTransaction({ hash });
  await sendAsStranger(nonce);
  await sendAsStranger(nonce + 1);
  await pass(1);
  expect(await minedOf(await used)).toEqual([]);
  expect(await effectsOf("robbed")).toBe(0n);
  const next = await send("next");
  await pass(1);
  expect(await minedOf(await next.used)).toEqual([next.hash]);
  expect(await countOf()).toBe(nonce + 3);
});

test("what a reorganisation took back is sent again as it was, once", async () => {
  const { hash, used } = await send("reorged");
  await look();
  expect(await used).toEqual([hash]);
  await emitting.node.setAutomine(false);
  await emitting.node.request({ method: "anvil_rollback" as never, params: [1] as never });
  expect(await effectsOf("reorged")).toBe(0n);
  await pass(1);
  await pass(1);
  expect(await minedOf([hash])).toEqual([hash]);
  expect(await effectsOf("reorged")).toBe(1n);
});

test("a nonce that came back and was a stranger's is used up, so that those above it are mined", async () => {
  const nonce = await countOf();
  await sendAsStranger(nonce);
  await look();
  const above = await send("above");
  await look();
  expect(await above.used).toEqual([above.hash]);
  await emitting.node.setAutomine(false);
  await emitting.node.request({ method: "anvil_rollback" as never, params: [2] as never });
  // The node gives back what it took to its pool: what is asked is what happens where none does.
  for (const { hash } of await pool()) await emitting.node.dropTransaction({ hash });
  expect(await countOf()).toBe(nonce);
  await pass(3);
  expect(await countOf()).toBe(nonce + 2);
  expect(await effectsOf("above")).toBe(1n);
  const filled = (await journal()).filter((one) => one.nonce === nonce);
  expect(parseTransaction(at(filled, 0).raw).to?.toLowerCase()).toBe(lane.account);
});
const pool = async (): Promise<{ hash: Hex }[]> => {
  const { pending, queued } = await emitting.node.getTxpoolContent();
  return [pending, queued].flatMap((part) =>
    Object.entries(part)
      .filter(([from]) => from.toLowerCase() === lane.account)
      .flatMap(([, byNonce]) => Object.values(byNonce)),
  );
};

test("what no node ever takes gives up its nonce, and what stands behind it is mined", async () => {
  await emitting.node.setAutomine(false);
  const { gasLimit } = await emitting.node.getBlock();
  const { used, hash } = await send("too big", 2n * gasLimit);
  const behind = await send("behind");
  await pass(2);
  expect(await minedOf([hash])).toEqual([]);
  const [by] = await minedOf(await used);
  const filled = await emitting.node.getTransaction({ hash: need(by, "what took its nonce") });
  expect(filled.to?.toLowerCase()).toBe(lane.account);
  expect(await minedOf(await behind.used)).toEqual([behind.hash]);
});

test("a process that takes over sends what the one before signed, and nobody is told of what it cannot know", async () => {
  await emitting.node.setAutomine(false);
  const { hash, used } = await send("handed on");
  await emitting.node.dropTransaction({ hash });
  lane.end();
  expect(await used).toBeNull();
  lane = await laneOn(emitting.chain);
  expect(lane.inFlight).toBe(1);
  const next = await send("next");
  await pass(1);
  expect(await minedOf([hash])).toEqual([hash]);
  expect(await minedOf(await next.used)).toEqual([next.hash]);
  expect([await effectsOf("handed on"), await effectsOf("next")]).toEqual([1n, 1n]);
});

test("while no node answers it is kept, and it leaves when one does; of an answer that was lost nothing is done twice", async () => {
  await emitting.node.setAutomine(false);
  const proxy = await startProxy(emitting.anvil.rpcUrl);
  const chain = openChain({ definition: emitting.chain.definition, rpcUrls: [proxy.url] });
  try {
    lane.end();
    lane = await laneOn(chain);
    proxy.twist = () => BREAK;
    const [lost, unheard] = [await send("lost"), await send("unheard")];
    // The one never came to the node, the other did and nobody heard it say so.
    await emitting.node.dropTransaction({ hash: lost.hash });
    await emitting.node.mine({ blocks: 1 });
    await expect(look()).rejects.toMatchObject({ code: "chain.rpc_unreachable" });
    expect(lane.inFlight).toBe(2);
    proxy.twist = (_, result) => result;
    await vi.waitFor(look, { timeout: 60_000 });
    await pass(2);
    expect(await minedOf(await lost.used)).toHaveLength(1);
    expect(await minedOf(await unheard.used)).toHaveLength(1);
    expect([await effectsOf("lost"), await effectsOf("unheard")]).toEqual([1n, 1n]);
  } finally {
    lane.end();
    await chain.close();
    await proxy.close();
  }
});
