import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { caughtUp, countingHandlers, dump } from "../../test/counting.ts";
import { testDefinition } from "../../test/definition.ts";
import { REFUSE, type RpcProxy, startProxy, type Twist } from "../../test/rpc-proxy.ts";
import {
  type Emitting,
  follow,
  followCounting,
  type Ledger,
  openEmitting,
  openLedger,
} from "../../test/stage.ts";
import { type Chain, openChain } from "../index.ts";
import type { RawLog } from "./decoder.ts";

let emitting: Emitting;
let truth: Awaited<ReturnType<typeof dump>>;
let ledger: Ledger;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  emitting = await openEmitting();
  for (let block = 0; block < 5; block++) await emitting.emit(3, block);
  const honest = await openLedger();
  const stop = followCounting(honest.store, emitting);
  await caughtUp(honest.store, emitting.chain);
  await stop();
  truth = await dump(honest.store);
  await honest.close();
});
afterAll(() => emitting.close());
beforeEach(async () => {
  ledger = await openLedger();
});
afterEach(async () => {
  for (const { close } of open.splice(0)) await close();
  await ledger.close();
});

/** Follows through these nodes; "honest" is the real one, a function a node that twists its answers. */
async function followThrough(...nodes: ("honest" | Twist)[]): Promise<{ chain: Chain; proxies: RpcProxy[] }> {
  const proxies: RpcProxy[] = [];
  for (const node of nodes)
    proxies.push(await startProxy(emitting.anvil.rpcUrl, node === "honest" ? undefined : node));
  const chain = openChain({ definition: testDefinition, rpcUrls: proxies.map(({ url }) => url) });
  const stop = follow(ledger.store, chain, [countingHandlers(emitting.emitter)]);
  open.push({ close: stop }, chain, ...proxies);
  return { chain, proxies };
}
const lied = (chain: Chain, index: number) =>
  vi.waitFor(() => expect(chain.status().rpcs[index]?.state).toBe("lied"), { timeout: 60_000 });

const changeLogs =
  (change: (logs: RawLog[]) => RawLog[]): Twist =>
  ({ method, params }, result) =>
    // Only asked by range: the same node may contradict itself.
    method === "eth_getLogs" && "fromBlock" in (params[0] as object) ? change(result as RawLog[]) : result;
const forge = changeLogs((logs) => {
  const [first] = logs;
  return first
    ? [...logs, { ...first, logIndex: "0x63", topics: [first.topics[0] ?? "0x", `0x${"9".repeat(64)}`] }]
    : logs;
});
/** More than is taken even of one block. */
const ENDLESS: RawLog["data"] = `0x${"00".repeat(68_000_000)}`;
const hide = changeLogs((logs) => logs.slice(0, -4));

test.each([
  ["forges a log", forge],
  ["hides logs", hide],
])("a node that %s is put aside, and the tables are true", async (_, twist) => {
  const { chain } = await followThrough(twist, "honest");
  await lied(chain, 0);
  await caughtUp(ledger.store, emitting.chain);
  expect(await dump(ledger.store)).toEqual(truth);
});

test("a single node that forges logs writes nothing", async () => {
  const { chain } = await followThrough(forge);
  await lied(chain, 0);
  expect(chain.status()).toMatchObject({ ok: false, head: null });
  expect(await dump(ledger.store)).toEqual({ counted: [], accounts: [] });
});

test("logs of another block than the headers say are not believed", async () => {
  const { chain } = await followThrough(
    changeLogs((logs) => logs.map((log) => Object.assign(log, { blockHash: `0x${"1".repeat(64)}` }))),
    "honest",
  );
  await lied(chain, 0);
  await caughtUp(ledger.store, emitting.chain);
  expect(await dump(ledger.store)).toEqual(truth);
});

const otherHash: Twist = ({ method }, result) =>
  method === "eth_getBlockByNumber" ? { ...(result as object), hash: `0x${"2".repeat(64)}` } : result;

test("two nodes that disagree on a block are not believed until they agree", async () => {
  const { chain, proxies } = await followThrough(otherHash, "honest");
  await vi.waitFor(() => expect(proxies[1]?.calls.length).toBeGreaterThan(6), { timeout: 60_000 });
  expect(await dump(ledger.store)).toEqual({ counted: [], accounts: [] });
  expect(chain.status().rpcs.map(({ state }) => state)).toEqual(["usable", "usable"]);
  for (const proxy of proxies) proxy.twist = (_, result) => result;
  await caughtUp(ledger.store, emitting.chain);
  expect(await dump(ledger.store)).toEqual(truth);
});

test("of three nodes, the one that disagrees is put aside", async () => {
  const { chain } = await followThrough(otherHash, "honest", "honest");
  await lied(chain, 0);
  await caughtUp(ledger.store, emitting.chain);
  expect(await dump(ledger.store)).toEqual(truth);
});

test("a node that refuses large ranges is asked for smaller ones", async () => {
  const refused: number[] = [];
  const { proxies } = await followThrough(({ method, params }, result) => {
    const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
    const blocks = Number(toBlock) - Number(fromBlock) + 1;
    if (method !== "eth_getLogs" || !(blocks > 2)) return result;
    refused.push(blocks);
    return REFUSE;
  });
  await caughtUp(ledger.store, emitting.chain);
  expect(refused.length).toBeGreaterThan(0);
  expect(proxies[0]?.calls).toContain("eth_getLogs");
  expect(await dump(ledger.store)).toEqual(truth);
});

test("of a block of which one node sends logs without end, the next is asked", async () => {
  const endless = changeLogs(([log]) => (log ? [{ ...log, data: ENDLESS }] : []));
  const { chain, proxies } = await followThrough(endless, "honest");
  await caughtUp(ledger.store, emitting.chain);
  expect(await dump(ledger.store)).toEqual(truth);
  expect(proxies[0]?.calls).toContain("eth_getLogs");
  expect(chain.status().rpcs.map(({ state }) => state)).toEqual(["usable", "usable"]);
});

// From here on all logs are in final blocks, as in a first sync.
const inFinalBlocks = () => emitting.node.mine({ blocks: 150 });
const hideOne = changeLogs((logs) => logs.filter((_, index) => index !== 1));
// The block's bloom admits what it holds already.
const repeatOne = changeLogs(([first, ...rest]) =>
  first ? [first, ...rest, { ...first, logIndex: "0x63" }] : rest,
);

test.each([
  ["hides", [hideOne, "honest"]],
  ["repeats", [repeatOne, "honest"]],
  ["hides, though it is asked second,", ["honest", hideOne]],
] as const)(
  "a log of a final block that one of two nodes %s is not believed until they agree",
  async (_, nodes) => {
    await inFinalBlocks();
    const { chain, proxies } = await followThrough(...nodes);
    await vi.waitFor(
      () => {
        for (const { calls } of proxies)
          expect(calls.filter((method) => method === "eth_getLogs").length).toBeGreaterThan(1);
      },
      { timeout: 60_000 },
    );
    expect((await dump(ledger.store)).counted).toEqual([]);
    for (const proxy of proxies) proxy.twist = (_, result) => result;
    await caughtUp(ledger.store, chain);
    expect(await dump(ledger.store)).toEqual(truth);
  },
);

test.each([0, 1])(
  "of three nodes, number %i that hides a log of a final block is put aside",
  async (liar) => {
    await inFinalBlocks();
    const nodes: ("honest" | Twist)[] = ["honest", "honest", "honest"];
    nodes[liar] = hideOne;
    const { chain } = await followThrough(...nodes);
    await lied(chain, liar);
    await caughtUp(ledger.store, emitting.chain);
    expect(await dump(ledger.store)).toEqual(truth);
  },
);

test("a second node that serves no old logs does not stop the first", async () => {
  await inFinalBlocks();
  const { proxies } = await followThrough("honest", ({ method }, result) =>
    method === "eth_getLogs" ? REFUSE : result,
  );
  await caughtUp(ledger.store, emitting.chain);
  expect(proxies[1]?.calls).toContain("eth_getLogs");
  expect(await dump(ledger.store)).toEqual(truth);
});
