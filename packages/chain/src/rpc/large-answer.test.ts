import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Hex, numberToHex, ResponseBodyTooLargeError } from "viem";
import { afterEach, expect, test } from "vitest";
import { testDefinition } from "../../test/definition.ts";
import { inRanges } from "../in-ranges.ts";
import type { Chain } from "./chain.ts";
import { openChain } from "./open-chain.ts";

const HEAD = 40;
/** Its logs alone are more than a range may have. */
const FULL = 23;
const DATA = `0x${"00".repeat(6_000_000)}`;
type Asked = { id: number; method: string; params: [{ fromBlock: Hex; toBlock: Hex }] };

const servers: Server[] = [];
let chain: Chain | undefined;
afterEach(async () => {
  await chain?.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

/** A node with one log in a block; `full` is that with much data. */
async function startNode(full: number): Promise<{ url: string; ranges: [number, number][] }> {
  const ranges: [number, number][] = [];
  const answer = ({ method, params }: Asked) => {
    if (method === "eth_chainId") return numberToHex(testDefinition.id);
    if (method === "eth_blockNumber") return numberToHex(HEAD);
    const [first, last] = [Number(params[0].fromBlock), Number(params[0].toBlock)];
    ranges.push([first, last]);
    const blocks = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return blocks.map((block) => ({
      blockNumber: numberToHex(block),
      logIndex: "0x0",
      topics: [],
      data: block === full ? DATA : "0x",
    }));
  };
  const server = createServer((request, response) => {
    void (async () => {
      const asked = JSON.parse(Buffer.concat((await request.toArray()) as Buffer[]).toString()) as Asked[];
      response.end(JSON.stringify(asked.map((one) => ({ id: one.id, result: answer(one) }))));
    })();
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges };
}

const ALL = { fromBlock: 0n, toBlock: BigInt(HEAD) };

test("an answer that is too large is asked of the next node, and the first is not out of order", async () => {
  const [large, small] = [await startNode(FULL), await startNode(-1)];
  chain = openChain({ definition: testDefinition, rpcUrls: [large.url, small.url] });
  expect(await chain.client.getLogs(ALL)).toHaveLength(HEAD + 1);
  expect(large.ranges).toEqual([[0, HEAD]]);
  expect(chain.status().rpcs[0]?.state).toBe("usable");
});

test("when every node's is, it is refused as that, and block by block all is read", async () => {
  const nodes = [await startNode(FULL), await startNode(FULL)];
  chain = openChain({ definition: testDefinition, rpcUrls: nodes.map(({ url }) => url) });
  const { client } = chain;
  await expect(client.getLogs(ALL)).rejects.toBeInstanceOf(ResponseBodyTooLargeError);
  const read: number[] = [];
  await inRanges({ from: 0, to: HEAD }, async (range) => {
    for (const { blockNumber } of await client.getLogs(range)) read.push(Number(blockNumber));
    return undefined;
  });
  expect(read).toEqual(Array.from({ length: HEAD + 1 }, (_, block) => block));
  expect(nodes[0]?.ranges).toContainEqual([FULL, FULL]);
});
