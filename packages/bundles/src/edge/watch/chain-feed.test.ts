import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Chain, chainById, openChain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { keccak256, numberToHex } from "viem";
import { beforeEach, expect, test } from "vitest";
import { ChainFeed, type SeenIn } from "./chain-feed.ts";

const ADDRESS: Hex = `0x${"a1".repeat(20)}`;
const TOPIC: Hex = `0x${"71".repeat(32)}`;
const FULL = `0x${"00".repeat(6_000_000)}`;
const START = 1_000_000;
const DEFINITION = chainById(31_337);
const hashOf = (number: number): Hex => numberToHex(number + 1, { size: 32 });

/** As the yellow paper has it: the lowest 11 bits of each of the first three pairs of bytes. */
function bloomOf(words: readonly Hex[]): Hex {
  let bloom = 0n;
  for (const word of words) {
    const hash = keccak256(word).slice(2);
    for (const at of [0, 4, 8]) bloom |= 1n << (BigInt(`0x${hash.slice(at, at + 4)}`) & 2_047n);
  }
  return numberToHex(bloom, { size: 256 });
}

/** Blocks with a log of ours; asked for a range, the node leaves out those that `isBehind` names. */
let withLogs: Set<number>;
/** Blocks whose one log is more than a range of blocks may have. */
let full: Set<number>;
let isBehind: (block: number) => boolean;
let head: number;
let asked: string[];
let seen: SeenIn[];
let feed: ChainFeed;
beforeEach(() => {
  [withLogs, head, asked, seen] = [new Set(), 0, [], []];
  isBehind = () => false;
  full = new Set();
  feed = feedOf({ client: { request } } as unknown as Chain);
});

const feedOf = (chain: Chain) =>
  new ChainFeed({
    chain,
    reader: {
      addresses: [ADDRESS],
      topics: [TOPIC],
      read: ({ blockHash }) => ({ kind: "reclaimed", id: blockHash }),
    },
    from: 0,
    window: 256,
    sink: { take: (found) => seen.push(...found), drop: () => undefined },
  });

const log = (number: number) => ({
  address: ADDRESS,
  topics: [TOPIC],
  data: full.has(number) ? FULL : "0x",
  blockNumber: numberToHex(number),
  blockHash: hashOf(number),
  logIndex: "0x0",
});
type Where = { fromBlock: Hex; toBlock: Hex; blockHash?: Hex };
async function request({ method, params }: { method: string; params: readonly unknown[] }): Promise<unknown> {
  if (method === "eth_chainId") return numberToHex(DEFINITION.id);
  if (method === "eth_blockNumber") return numberToHex(head);
  if (method === "eth_getBlockByNumber") {
    const number = params[0] === "latest" ? head : Number(params[0]);
    const logsBloom = bloomOf(withLogs.has(number) ? [ADDRESS, TOPIC] : [number % 2 ? ADDRESS : TOPIC]);
    const timestamp = numberToHex(START + number);
    const parentHash = hashOf(number - 1);
    return { number: numberToHex(number), hash: hashOf(number), parentHash, timestamp, logsBloom };
  }
  const { fromBlock, toBlock, blockHash } = params[0] as Where;
  asked.push(blockHash ?? `${Number(fromBlock)} to ${Number(toBlock)}`);
  if (blockHash !== undefined) return [...withLogs].filter((block) => hashOf(block) === blockHash).map(log);
  return [...withLogs]
    .filter((block) => block >= Number(fromBlock) && block <= Number(toBlock) && !isBehind(block))
    .toSorted((a, b) => a - b)
    .map(log);
}

test("what a node that is behind leaves out of a range is asked for by its block, and takes its place among the others", async () => {
  await feed.poll();
  withLogs = new Set([2, 4, 5]);
  isBehind = (block) => block === 4;
  head = 6;
  await feed.poll();
  expect(seen.map(({ block, time }) => [block, time])).toEqual([2, 4, 5].map((n) => [n, START + n]));
  // Not for those that it answered, nor for those that have none.
  expect(asked).toEqual([hashOf(0), "1 to 6", hashOf(4)]);
});

test("blocks of long ago are not asked for one by one", async () => {
  withLogs = new Set([10]);
  isBehind = () => true;
  head = 130;
  await feed.poll();
  expect(asked).toEqual(["0 to 130"]);
});

type Asked = { id: number; method: string; params: unknown[] };
test("a block whose logs are more than a range may have is read by itself", async () => {
  const server = createServer((incoming, response) => {
    void (async () => {
      const all = JSON.parse(Buffer.concat((await incoming.toArray()) as Buffer[]).toString()) as Asked[];
      const answers = all.map(async (one) => ({ id: one.id, result: await request(one) }));
      response.end(JSON.stringify(await Promise.all(answers)));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const chain = openChain({ definition: DEFINITION, rpcUrls: [url] });
  try {
    feed = feedOf(chain);
    await feed.poll();
    [full, withLogs, head] = [new Set([3, 7]), new Set([2, 3, 6, 7]), 6];
    await feed.poll();
    expect(asked).toContain("3 to 3");
    head = 7;
    await feed.poll();
    expect(asked.at(-1)).toBe(hashOf(7));
    expect(seen.map(({ block }) => block)).toEqual([2, 3, 6, 7]);
  } finally {
    await chain.close();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});
