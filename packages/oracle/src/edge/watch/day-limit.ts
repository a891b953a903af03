import { oracleAbi } from "@sooth/abi";
import { type Addresses, type BlockRange, type Chain, inRanges } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { getAbiItem } from "viem";
import { A_DAY, leftOfDay, type PutDown } from "../../core/index.ts";

const DISPUTED = getAbiItem({ abi: oracleAbi, name: "Disputed" });
/** How far a reorg may reach: logs are read again from so far below. */
const REORG_BLOCKS = 64;

/** The deposit doubles with each dispute of a question, so the two name one of them. */
const nameOf = (question: Hex, deposit: bigint) => `${question}:${deposit}`;

/** What one account puts down against answers and silences, held to so much a day. */
export type DayLimit = {
  /** Reads what the chain has. @throws chain.rpc_unreachable */
  refresh(): Promise<void>;
  /** At chain time `now`, by what was read and what was taken since. Collateral. */
  left(now: number): bigint;
  /** Counts from now on, seen on the chain or not; returns what takes it back. */
  take(question: Hex, deposit: bigint, now: number): () => void;
};

/** It is the chain that remembers, so that who is started anew has no second allowance. @param most collateral, in a day */
export function dayLimit(
  { hub: { client }, addresses, fromBlock }: { hub: Chain; addresses: Addresses; fromBlock: number },
  account: Hex,
  most: bigint,
): DayLimit {
  const put = new Map<string, PutDown>();
  let next: number | undefined;

  const read = async (range: BlockRange): Promise<void> => {
    const filter = { address: addresses.oracle, event: DISPUTED, args: { disputer: account } };
    for (const { args, blockNumber } of await client.getLogs({ ...filter, ...range, strict: true })) {
      const { timestamp } = await client.getBlock({ blockNumber });
      put.set(nameOf(args.question, args.deposit), { deposit: args.deposit, at: Number(timestamp) });
    }
  };
  const refresh = async (): Promise<void> => {
    const head = await client.getBlock({ blockTag: "latest" });
    const [to, since] = [Number(head.number), Number(head.timestamp) - A_DAY];
    const from = Math.max(fromBlock, Math.min(next ?? fromBlock, to + 1) - REORG_BLOCKS);
    await inRanges({ from, to, latestFirst: true }, async (range) => {
      await read(range);
      const first = await client.getBlock({ blockNumber: range.fromBlock });
      return Number(first.timestamp) < since ? "enough" : undefined;
    });
    next = to + 1;
    for (const [name, { at }] of put) if (at < since) put.delete(name);
  };

  return {
    refresh,
    left: (now) => leftOfDay(most, put.values(), now),
    take: (question, deposit, now) => {
      const name = nameOf(question, deposit);
      const before = put.get(name);
      put.set(name, { deposit, at: now });
      return () => (before ? put.set(name, before) : put.delete(name));
    },
  };
}
