import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { expect, test } from "vitest";
import { dayLimit } from "./day-limit.ts";

/** Blocks are ten seconds apart. */
const SECONDS = 10;
const HEAD = 20_000;
const NOW = HEAD * SECONDS;
const DAY_OF_BLOCKS = 8_640;

/** A chain on which this account put down 100 in each of these blocks. */
function limitAt(blocks: readonly number[]) {
  const asked: bigint[] = [];
  const client = {
    getBlock: async ({ blockNumber = BigInt(HEAD) }: { blockNumber?: bigint }) => ({
      number: blockNumber,
      timestamp: blockNumber * BigInt(SECONDS),
    }),
    getLogs: async ({ fromBlock, toBlock }: { fromBlock: bigint; toBlock: bigint }) => {
      asked.push(fromBlock);
      return blocks
        .filter((block) => fromBlock <= block && block <= toBlock)
        .map((block) => ({ blockNumber: BigInt(block), args: { question: `0x${block}`, deposit: 100n } }));
    },
  };
  const hub = { hub: { client } as unknown as Chain, addresses: {} as Addresses, fromBlock: 0 };
  return { asked, limit: dayLimit(hub, "0xa1", 1_000n) };
}

test("who is started anew has no second allowance: the chain remembers a day, and no more of it is read", async () => {
  const { asked, limit } = limitAt([HEAD - DAY_OF_BLOCKS - 1, HEAD - DAY_OF_BLOCKS + 1, HEAD - 1]);
  expect(limit.left(NOW)).toBe(1_000n);
  await limit.refresh();
  expect(limit.left(NOW)).toBe(800n);
  expect(asked).toEqual([BigInt(HEAD - 9_999)]);
  await limit.refresh();
  expect([limit.left(NOW), limit.left(NOW + 86_400)]).toEqual([800n, 1_000n]);
});

test("what is on its way counts at once, and once", async () => {
  const { limit } = limitAt([HEAD - 1]);
  const question = `0x${HEAD - 1}` as Hex;
  limit.take(question, 100n, NOW);
  expect(limit.left(NOW)).toBe(900n);
  await limit.refresh();
  expect(limit.left(NOW)).toBe(900n);
  const release = limit.take("0xff", 500n, NOW);
  expect(limit.left(NOW)).toBe(400n);
  release();
  expect(limit.left(NOW)).toBe(900n);
});
