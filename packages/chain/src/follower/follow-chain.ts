import { AppError } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { type Executor, type Store, withLease } from "@sooth/store";
import { ChainError } from "../chain-error.ts";
import type { BlockRef, LogHandlers } from "../logs.ts";
import { pause } from "../pause.ts";
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

/** A step that fails is tried again, ever more slowly up to this, in milliseconds. */
const SLOWEST_RETRY_MS = 10_000;

/**
 * Keeps the tables equal to the chain until `signal` aborts: one database transaction per range of blocks, undone and
 * replayed when the chain reorganises. Of many callers on one database one works, the others wait for its lease.
 * @throws chain.reorg_too_deep, the one thing that waiting does not mend
 */
export async function followChain(o: FollowOptions): Promise<void> {
  await withLease(o.store, `follow ${o.chain.definition.id}`, (signal) => follow({ ...o, signal }), o.signal);
}

async function follow(o: FollowOptions): Promise<void> {
  const { name, pollMs } = o.chain.definition;
  const follower = new Follower(o);
  let failures = 0;
  while (!o.signal.aborted) {
    try {
      const moved = await follower.step();
      failures = 0;
      if (!moved) await pause(pollMs, o.signal);
    } catch (error) {
      if (o.signal.aborted) return;
      const code = error instanceof AppError ? error.code : "unexpected";
      if (code === `${ChainError.slice}.reorg_too_deep`) throw error;
      followerFailures.inc({ chain: name, code });
      o.log?.[failures > 0 ? "error" : "warn"]({ chain: name, err: error }, "follower step failed");
      await pause(Math.min(SLOWEST_RETRY_MS, pollMs * 2 ** Math.min(failures, 10)), o.signal);
      failures++;
    }
  }
}
