import type { Hex } from "@sooth/kernel";
import { numberToHex, type PublicClient } from "viem";
import type { Followed, RawLog } from "./decoder.ts";

type Where = { from: number; to: number } | { blockHash: Hex };

/** All logs of the followed events there, as one node has them. */
export function getLogs(client: PublicClient, followed: Followed, where: Where): Promise<RawLog[]> {
  if (followed.addresses.length === 0) return Promise.resolve([]);
  const place =
    "blockHash" in where ? where : { fromBlock: numberToHex(where.from), toBlock: numberToHex(where.to) };
  return client.request({
    method: "eth_getLogs",
    params: [{ address: [...followed.addresses], topics: [[...followed.topics]], ...place }],
  }) as Promise<RawLog[]>;
}
