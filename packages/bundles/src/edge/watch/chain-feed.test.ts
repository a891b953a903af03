import type { Chain } from "@sooth/chain";
import { type Hex, need } from "@sooth/kernel";
import { bytesToHex, hexToBytes, keccak256, numberToHex } from "viem";
import { beforeEach, expect, test } from "vitest";
import { ChainFeed, type SeenIn } from "./chain-feed.ts";
import { bloomTest } from "./log-bloom.ts";

const ADDRESS: Hex = `0x${"a1".repeat(20)}`;
const TOPIC: Hex = `0x${"71".repeat(32)}`;
const START = 1_000_000;
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
let isBehind: (block: number) => boolean;
let head: number;
let asked: string[];
let seen: SeenIn[];
let feed: ChainFeed;
beforeEach(() => {
  [withLogs, head, asked, seen] = [new Set(), 0, [], []];
  isBehind = () => false;
  feed = new ChainFeed({
    chain: { client: { request } } as unknown as Chain,
    reader: {
      addresses: [ADDRESS],
      topics: [TOPIC],
      read: ({ blockHash }) => ({ kind: "reclaimed", id: blockHash }),
    },
    from: 0,
    window: 256,
    sink: { take: (found) => seen.push(...found), drop: () => undefined },
  });
});

const log = (number: number) => ({
  address: ADDRESS,
  topics: [TOPIC],
  data: "0x",
  blockNumber: numberToHex(number),
  blockHash: hashOf(number),
  logIndex: "0x0",
});
type Where = { fromBlock: Hex; toBlock: Hex; blockHash?: Hex };
async function request({ method, params }: { method: string; params: readonly unknown[] }): Promise<unknown> {
  if (method === "eth_getBlockByNumber") {
    const number = params[0] === "latest" ? head : Number(params[0]);
    const logsBloom = bloomOf(withLogs.has(number) ? [ADDRESS, TOPIC] : [ADDRESS]);
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

test("a bloom tells of a contract and a topic together", () => {
  const other: Hex = `0x${"0b".repeat(20)}`;
  const mayHave = bloomTest([other, ADDRESS], [TOPIC]);
  expect(mayHave(bloomOf([ADDRESS, TOPIC]))).toBe(true);
  expect(mayHave(bloomOf([ADDRESS]))).toBe(false);
  expect(mayHave(bloomOf([TOPIC]))).toBe(false);
  expect(mayHave("0x")).toBe(false);
  const full = bytesToHex(need(hexToBytes(bloomOf([])), "bytes").fill(255));
  expect(mayHave(full)).toBe(true);
});
