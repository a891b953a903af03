import { marketsAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { need } from "@sooth/kernel";
import type { ProofLog } from "@sooth/markets/core";
import { parseEventLogs, type PublicClient } from "viem";

const PROOF_EVENTS = new Set([
  "EpochAdvanced",
  "Asked",
  "Answered",
  "Reopened",
  "Opened",
  "Staked",
  "Claimed",
  "FeeCollected",
]);
/** Blocks a request: small enough for every node, large enough that a demo needs a handful. */
const BLOCKS_EACH = 1_000n;

/** Every log that a proof needs, straight from a node, with the time of its block. */
export async function readProofLogs(
  client: PublicClient,
  addresses: Addresses,
  fromBlock: number,
  toBlock: number,
): Promise<ProofLog[]> {
  const found: ProofLog[] = [];
  const times = new Map<bigint, number>();
  for (let from = BigInt(fromBlock); from <= BigInt(toBlock); from += BLOCKS_EACH) {
    const to = from + BLOCKS_EACH - 1n < BigInt(toBlock) ? from + BLOCKS_EACH - 1n : BigInt(toBlock);
    const logs = await client.getLogs({
      address: [addresses.stakeManager, addresses.oracle, addresses.markets],
      fromBlock: from,
      toBlock: to,
    });
    const blocks = [...new Set(logs.map((log) => log.blockNumber))];
    const fetched = await Promise.all(blocks.map((blockNumber) => client.getBlock({ blockNumber })));
    for (const block of fetched) times.set(block.number, Number(block.timestamp));
    for (const log of parseEventLogs({
      abi: [...stakeManagerAbi, ...oracleAbi, ...marketsAbi],
      logs,
      strict: true,
    })) {
      if (!PROOF_EVENTS.has(log.eventName)) continue;
      // The set above holds exactly the events of ProofLog, and the ABI gives each its arguments.
      found.push({
        block: Number(log.blockNumber),
        logIndex: log.logIndex,
        at: need(times.get(log.blockNumber), `time of block ${log.blockNumber}`),
        transaction: log.transactionHash,
        event: log.eventName,
        args: log.args,
      } as unknown as ProofLog);
    }
  }
  return found;
}
