import { drandBeaconAbi, opinionsAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { inLanes, type OpinionCast } from "./cast.ts";
import type { OpinionLog } from "./reckon.ts";

const AT_ONCE = 8;
type Reads = Pick<OpinionCast, "hub" | "addresses" | "startBlock">;

/** Reads every log of the opinion markets, in order, straight from the node; what was read is not asked for again. */
export function opinionReader({ hub, addresses, startBlock }: Reads): () => Promise<OpinionLog[]> {
  const read: OpinionLog[] = [];
  let next = BigInt(startBlock);
  return async () => {
    const head = await hub.client.getBlockNumber({ cacheTime: 0 });
    if (head < next) return [...read];
    const found = await hub.client.getContractEvents({
      address: addresses.opinions,
      abi: opinionsAbi,
      fromBlock: next,
      toBlock: head,
      strict: true,
    });
    const times = new Map<bigint, number>();
    await inLanes([...new Set(found.map(({ blockNumber }) => blockNumber))], AT_ONCE, async (blockNumber) => {
      times.set(blockNumber, Number((await hub.client.getBlock({ blockNumber })).timestamp));
    });
    for (const { eventName, args, blockNumber, logIndex, transactionHash } of found) {
      const time = need(times.get(blockNumber), `time of block ${blockNumber}`);
      const place = { block: Number(blockNumber), logIndex, at: time, transaction: transactionHash };
      // The name and what it carries come from one log.
      read.push({ event: eventName, args, ...place } as OpinionLog);
    }
    next = head + 1n;
    return [...read];
  };
}

/** Seeds of the beacon by round, as the contract took them. */
export async function seedsOf({ hub, addresses, startBlock }: Reads): Promise<Map<bigint, Hex>> {
  const proved = await hub.client.getContractEvents({
    address: addresses.beacon,
    abi: drandBeaconAbi,
    eventName: "Proved",
    fromBlock: BigInt(startBlock),
    strict: true,
  });
  return new Map(proved.map(({ args }) => [args.round, args.seed]));
}
