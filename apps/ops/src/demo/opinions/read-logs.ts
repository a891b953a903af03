import { drandBeaconAbi, opinionsAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { inLanes, type OpinionCast } from "./cast.ts";
import type { OpinionLog } from "./reckon.ts";

const AT_ONCE = 8;
type Reads = Pick<OpinionCast, "hub" | "addresses" | "startBlock">;

/** Reads every log of the opinion markets, in order, straight from the node; a block's time is asked for once. */
export function opinionReader({ hub, addresses, startBlock }: Reads): () => Promise<OpinionLog[]> {
  const times = new Map<bigint, number>();
  return async () => {
    const found = await hub.client.getContractEvents({
      address: addresses.opinions,
      abi: opinionsAbi,
      fromBlock: BigInt(startBlock),
      strict: true,
    });
    const blocks = [...new Set(found.map(({ blockNumber }) => blockNumber))];
    await inLanes(
      blocks.filter((number) => !times.has(number)),
      AT_ONCE,
      async (blockNumber) => {
        times.set(blockNumber, Number((await hub.client.getBlock({ blockNumber })).timestamp));
      },
    );
    return found.map(({ eventName, args, blockNumber, logIndex, transactionHash }) => {
      const at = need(times.get(blockNumber), `time of block ${blockNumber}`);
      const place = { block: Number(blockNumber), logIndex, at, transaction: transactionHash };
      // The name and what it carries come from one log.
      return { event: eventName, args, ...place } as OpinionLog;
    });
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
