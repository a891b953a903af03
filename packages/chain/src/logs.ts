import type { Address, Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import type { Abi, ContractEventArgsFromTopics, ContractEventName } from "viem";

export type BlockRef = { chainId: number; number: number; timestamp: number; hash: Hex };

/** One log of a followed contract. `address` and `transaction` are lower-case. */
export type FollowedLog<Args = unknown> = {
  args: Args;
  block: BlockRef;
  logIndex: number;
  transaction: Hex;
  address: Address;
};

/** Named arguments as viem decodes them, all present: a log that lacks one does not decode. */
export type ArgsOf<A extends Abi, E extends ContractEventName<A>> = ContractEventArgsFromTopics<A, E>;

export type LogHandlers = {
  address: Address;
  abi: Abi;
  on: Record<string, (tx: Executor, logs: readonly FollowedLog<never>[]) => Promise<void>>;
  ownTables?: boolean;
};

/**
 * What a slice does with the logs of one contract. A handler gets a run of consecutive logs of the same event, in
 * chain order, and writes plain rows: undoing them after a reorg is the follower's part (see `chain.track`).
 */
export function logHandlers<const A extends Abi>(o: {
  address: Address;
  abi: A;
  on: {
    [E in ContractEventName<A>]?: (tx: Executor, logs: readonly FollowedLog<ArgsOf<A, E>>[]) => Promise<void>;
  };
  /**
   * What these handlers write nobody else writes or reads while he handles a log, and all handlers of this address say so. A
   * database that was followed without them then reads the contract's past by itself, beside everything else.
   */
  ownTables?: boolean;
}): LogHandlers {
  return o as unknown as LogHandlers;
}
