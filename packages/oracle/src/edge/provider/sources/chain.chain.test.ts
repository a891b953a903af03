import { testDollarAbi, testDollarBytecode } from "@sooth/abi";
import { type Chain, chainById, type ChainDefinition, openChain } from "@sooth/chain";
import { type Anvil, devAccount, startAnvil } from "@sooth/chain/local-node";
import { type Hex, need } from "@sooth/kernel";
import { createTestClient, createWalletClient, http, pad, publicActions, toHex } from "viem";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { numericSchema } from "../../../../test/people.ts";
import { FEED_SLOTS, priceFeedCode } from "../../../../test/price-feed-code.ts";
import { startTwistedNode } from "../../../../test/twisted-node.ts";
import { observe } from "../observe.ts";

/** A chain that is not of this machine, so that two nodes must agree on it. Final under two blocks. */
const local = chainById(31_338);
const definition: ChainDefinition = {
  ...local,
  id: 424_242,
  viem: { ...local.viem, id: 424_242 },
  name: "elsewhere",
  finality: { confirmations: 2 },
  pollMs: 20,
};
const START = 1_700_000_000;
const FEED: Hex = `0x${"fe".repeat(20)}`;
const holder = devAccount(3).address;
let anvil: Anvil;
let second: Awaited<ReturnType<typeof startTwistedNode>>;
let chain: Chain;
let token: Hex;
/** Timestamps of the blocks after which 1, 2 and 3 faucets had been drawn. */
const drawn: number[] = [];

const nodeOf = (rpcUrl: string) =>
  createTestClient({ mode: "anvil", chain: definition.viem, transport: http(rpcUrl) }).extend(publicActions);

beforeAll(async () => {
  anvil = await startAnvil({ chainId: definition.id, timestamp: START });
  second = await startTwistedNode(anvil.rpcUrl);
  chain = openChain({ definition, rpcUrls: [anvil.rpcUrl, second.url] });
  const node = nodeOf(anvil.rpcUrl);
  const wallet = createWalletClient({
    account: devAccount(3),
    chain: definition.viem,
    transport: http(anvil.rpcUrl),
  });
  const at = (time: number) => node.setNextBlockTimestamp({ timestamp: BigInt(time) });
  await at(START + 10);
  const hash = await wallet.deployContract({ abi: testDollarAbi, bytecode: testDollarBytecode });
  token = need((await node.waitForTransactionReceipt({ hash })).contractAddress, "a token");
  await node.setCode({ address: FEED, bytecode: priceFeedCode() });
  for (const [index, time] of [START + 100, START + 200, START + 300].entries()) {
    await at(time);
    const draw = await wallet.writeContract({
      address: token,
      abi: testDollarAbi,
      functionName: "faucet",
      args: [devAccount(4 + index).address],
    });
    await node.waitForTransactionReceipt({ hash: draw });
    // What is written here belongs to the latest block: its state ends when the next is mined.
    const set = (slot: Hex, value: bigint) =>
      node.setStorageAt({ address: FEED, index: slot, value: pad(toHex(value), { size: 32 }) });
    await set(FEED_SLOTS.answer, 231_550_000_000n + BigInt(index));
    await set(FEED_SLOTS.updatedAt, BigInt(time - 30));
    await set(FEED_SLOTS.decimals, 8n);
    drawn.push(time);
  }
  // Blocks on top, so that the last but two are final.
  await node.mine({ blocks: 3, interval: 100 });
});
afterEach(() => {
  second.twist = (_, result) => result;
});
afterAll(async () => {
  await chain.close();
  await second.stop();
  await anvil.stop();
});

const contract = (over: object = {}) => ({
  type: "chain",
  name: "held",
  unit: "USD",
  chainId: definition.id,
  address: token,
  function: "function totalSupply() view returns (uint256)",
  decimals: 6,
  ...over,
});
const feedAt = (over: object = {}) => ({
  type: "feed",
  name: "feed",
  unit: "USD",
  chainId: definition.id,
  address: FEED,
  maxAge: 60,
  ...over,
});

async function look(source: object, observeAt: number, chains: readonly Chain[] = [chain]) {
  const { finding, sources } = await observe(
    { schema: numericSchema({ sources: [source], observeAt }) },
    { min: 0n, max: 10n ** 20n },
    observeAt,
    { allowedOrigins: [], chains, signal: new AbortController().signal },
  );
  const read = need(sources[0], "a reading");
  return { finding, read, said: read.dropped ?? read.value };
}

test("the state after the last block at or before the moment", async () => {
  const [first = 0, , third = 0] = drawn;
  const one = (await look(contract(), first)).said;
  expect(Number(one)).toBeGreaterThan(0);
  // A second before the next block is still the state of this one, at it the next.
  expect([(await look(contract(), first + 99)).said, (await look(contract(), first - 1)).said]).toEqual([
    one,
    "0",
  ]);
  expect(Number((await look(contract(), third)).said)).toBe(3 * Number(one));
});

test("the evidence holds the block, the call and what it returned, under its hash", async () => {
  const { read } = await look(contract(), drawn[1] ?? 0);
  const body = JSON.parse(read.excerpt) as { block: { timestamp: number }; calls: { to: string }[] };
  expect([read.type, body.block.timestamp, body.calls[0]?.to]).toEqual(["chain", drawn[1], token]);
  expect(read.url).toBe(`eip155:424242/${token}/function totalSupply() view returns (uint256)()`);
  expect(read.sha256).toMatch(/^0x[0-9a-f]{64}$/);
});

test("a feed tells its price, unless it is too old", async () => {
  const [first = 0, second = 0] = drawn;
  expect((await look(feedAt(), second)).said).toBe("2315.50000001");
  expect((await look(feedAt(), first + 25)).said).toBe("2315.5");
  expect((await look(feedAt(), first + 40)).said).toBe("its last update was 70 seconds old");
});

test.each([
  [
    "no contract there",
    { address: `0x${"0d".repeat(20)}` },
    "no contract with that function stands at its address",
  ],
  [
    "a call that reverts",
    { function: "function nothing() view returns (uint256)", args: [] },
    "its call fails",
  ],
  [
    "a chain that is not configured",
    { chainId: 10 },
    "chain 10 is not among the chains that this provider reads",
  ],
])("%s is told", async (_, over, said) => {
  expect((await look(contract(over), drawn[0] ?? 0)).said).toContain(said);
});

test("what is no feed is told", async () => {
  expect((await look(feedAt({ address: holder }), drawn[0] ?? 0)).said).toBe(
    "no price feed stands at that address",
  );
});

test("a moment that is not final, not there yet or before the chain is told, not signed as too early", async () => {
  const head = await nodeOf(anvil.rpcUrl).getBlock();
  const at = Number(head.timestamp);
  for (const [moment, said] of [
    [at - 100, "is not final yet"],
    [at, "has no block after that moment yet"],
    [START - 1_000, "elsewhere is younger than that moment"],
  ] as const) {
    const { finding, said: heard } = await look(contract(), moment);
    expect([finding.do, heard]).toEqual(["abstain", expect.stringContaining(said)]);
  }
});

test("one node is not enough", async () => {
  const alone = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  expect((await look(contract(), drawn[0] ?? 0, [alone])).said).toBe(
    "elsewhere is read from 2 nodes, 1 answer",
  );
  await alone.close();
});

test("nodes that disagree on the block or on the answer are not believed", async () => {
  second.twist = ({ method, params = [] }, result) =>
    method === "eth_getBlockByNumber" && params[0] !== "latest"
      ? { ...(result as object), hash: `0x${"ba".repeat(32)}` }
      : result;
  expect((await look(contract(), drawn[0] ?? 0)).said).toMatch(
    /the nodes of elsewhere disagree on block \d+/,
  );
  second.twist = ({ method }, result) => (method === "eth_call" ? pad("0x09", { size: 32 }) : result);
  expect((await look(contract(), drawn[0] ?? 0)).said).toBe("the nodes disagree on what the call returns");
});

test("a node that keeps no old state is told in our words", async () => {
  second.twist = ({ method }, result) => (method === "eth_call" ? undefined : result);
  expect((await look(contract(), drawn[0] ?? 0)).said).toBe(
    "its call fails, or too few nodes keep that block's state",
  );
});
