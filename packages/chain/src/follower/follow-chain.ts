import type { Logger } from "@sooth/runtime";
import { type Executor, type Store, withLease } from "@sooth/store";
import { ChainError } from "../chain-error.ts";
import { keepGoing } from "../keep-going.ts";
import type { BlockRef, LogHandlers } from "../logs.ts";
import type { Chain } from "../rpc/chain.ts";
import { Follower } from "./follower.ts";
import { followerFailures } from "./metrics.ts";

export type FollowOptions = {
  store: Store;
  chain: Chain;
  /** First block that can hold a log of ours. */
  fromBlock: number;
  handlers: readonly LogHandlers[];
  /** Once per batch that reaches the head, in its transaction; what it writes to tracked tables is the head's. */
  onBlock?: (tx: Executor, head: BlockRef) => Promise<void>;
  signal: AbortSignal;
  log?: Logger;
};

/**
 * Keeps the tables equal to the chain until `signal` aborts: one database transaction per range of blocks, undone and
 * replayed when the chain reorganises. Of many callers on one database one works, the others wait for its lease.
 * @throws chain.reorg_too_deep, the one thing that waiting does not mend
 */
export async function followChain(o: FollowOptions): Promise<void> {
  await withLease(o.store, `follow ${o.chain.definition.id}`, (signal) => follow({ ...o, signal }), o.signal);
}

async function follow(o: FollowOptions): Promise<void> {
  const { definition } = o.chain;
  const follower = new Follower(o);
  await keepGoing({
    what: "follower step",
    definition,
    step: async () => ((await follower.step()) ? "again" : "idle"),
    failed: (code) => followerFailures.inc({ chain: definition.name, code }),
    fatal: [`${ChainError.slice}.reorg_too_deep`],
    signal: o.signal,
    log: o.log,
  });
}
