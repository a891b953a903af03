import { marketsAbi, stakeManagerAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { getAbiItem, zeroAddress } from "viem";

/** Blocks in one request for logs; halved while a node refuses. */
const RANGE = 10_000;
/** How far a reorg may reach: logs are read again from so far below. */
const REORG_BLOCKS = 64;
const STAKED = getAbiItem({ abi: marketsAbi, name: "Staked" });
const OPENED = getAbiItem({ abi: marketsAbi, name: "Opened" });

/** Which questions a node may not judge. */
export type OwnPositions = {
  /** The account of this node's that holds a position in the question; undefined when none does. */
  holderIn(question: Hex): Promise<Hex | undefined>;
};

/**
 * What the owner of this node's stake and its signing key hold in the markets, by the chain's own logs: the server that it
 * hands over to must not be the one who says so. Read on from where it was read last, when somebody asks.
 */
export function ownPositions({
  hub,
  addresses,
  fromBlock,
  key,
}: {
  hub: Chain;
  addresses: Addresses;
  fromBlock: number;
  key: Hex;
}): OwnPositions {
  const { client } = hub;
  const markets = { address: addresses.markets, abi: marketsAbi } as const;
  /** Question of each market in which one of the accounts staked. */
  const questions = new Map<Hex, Hex>();
  const stakes = new Map<string, { market: Hex; outcome: number; holder: Hex }>();
  let accounts: readonly Hex[] = [];
  let next = fromBlock;

  /** With another owner all is read anew. */
  const known = async (): Promise<readonly Hex[]> => {
    const owner = await client.readContract({
      address: addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "ownerOf",
      args: [key],
    });
    const now = owner === zeroAddress || owner === key ? [key] : [key, owner];
    if (now.length !== accounts.length) next = fromBlock;
    accounts = now;
    return accounts;
  };

  const readOn = async (): Promise<void> => {
    const args = { owner: [...(await known())] };
    const head = Number(await client.getBlockNumber({ cacheTime: 0 }));
    let range = RANGE;
    for (let from = Math.max(fromBlock, Math.min(next, head + 1) - REORG_BLOCKS); from <= head;) {
      const to = Math.min(head, from + range - 1);
      const blocks = { fromBlock: BigInt(from), toBlock: BigInt(to) };
      try {
        const logs = await client.getLogs({
          address: addresses.markets,
          event: STAKED,
          args,
          ...blocks,
          strict: true,
        });
        for (const { args: stake } of logs) {
          const { market, outcome, owner: holder } = stake;
          stakes.set(`${market}:${outcome}:${holder}`, { market, outcome, holder });
        }
        from = to + 1;
      } catch (error) {
        // Nodes refuse ranges that are too long; one block is as small as it gets.
        if (range === 1) throw error;
        range = Math.max(1, range >> 2);
      }
    }
    next = head + 1;
  };

  const questionOf = async (market: Hex): Promise<Hex | undefined> => {
    const before = questions.get(market);
    if (before) return before;
    const [log] = await client.getLogs({
      address: addresses.markets,
      event: OPENED,
      args: { market },
      fromBlock: BigInt(fromBlock),
      strict: true,
    });
    if (log) questions.set(market, log.args.question);
    return log?.args.question;
  };

  return {
    holderIn: async (question) => {
      await readOn();
      for (const { market, outcome, holder } of stakes.values()) {
        if ((await questionOf(market)) !== question) continue;
        const amount = await client.readContract({
          ...markets,
          functionName: "positionOf",
          args: [market, outcome, holder],
        });
        if (amount > 0n) return holder;
      }
      return undefined;
    },
  };
}
