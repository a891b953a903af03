import { need } from "@sooth/kernel";
import { type Hex, numberToHex, type PublicClient } from "viem";

/** What a follower keeps of a block. */
export type Header = { number: number; hash: Hex; parent: Hex; timestamp: number; bloom: Hex };

/** The header as one node sees it; null when it has no such block. */
export async function readHeader(client: PublicClient, at: number | "latest"): Promise<Header | null> {
  const block = await client.request({
    method: "eth_getBlockByNumber",
    params: [at === "latest" ? at : numberToHex(at), false],
  });
  if (!block) return null;
  return {
    number: Number(block.number),
    hash: need(block.hash, "the hash of a mined block"),
    parent: block.parentHash,
    timestamp: Number(block.timestamp),
    bloom: need(block.logsBloom, "the bloom of a mined block"),
  };
}
