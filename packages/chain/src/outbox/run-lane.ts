import { AppError } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { type Store, withLease } from "@sooth/store";
import type { Abi, LocalAccount } from "viem";
import { pause } from "../pause.ts";
import type { Chain } from "../rpc/chain.ts";
import { Lane } from "./lane.ts";
import { laneFailures } from "./metrics.ts";

export type LaneOptions = {
  store: Store;
  chain: Chain;
  account: LocalAccount;
  signal: AbortSignal;
  log?: Logger;
  /** Errors of contracts besides Sooth's own, to name why a transaction reverts. */
  errors?: Abi;
};

const SLOWEST_RETRY_MS = 10_000;

/**
 * Sends what the outbox holds for this chain, from this account, until `signal` aborts. Of many callers with the same
 * account on one database one works, the others wait for its lease; other accounts work beside it.
 */
export async function runLane(o: LaneOptions): Promise<void> {
  const name = `lane ${o.chain.definition.id} ${o.account.address.toLowerCase()}`;
  await withLease(o.store, name, (signal) => work({ ...o, signal }), o.signal);
}

async function work(o: LaneOptions): Promise<void> {
  const { name, pollMs } = o.chain.definition;
  const lane = new Lane(o);
  let failures = 0;
  while (!o.signal.aborted) {
    try {
      await lane.round();
      failures = 0;
      await pause(pollMs, o.signal);
    } catch (error) {
      if (o.signal.aborted) return;
      laneFailures.inc({ chain: name, code: error instanceof AppError ? error.code : "unexpected" });
      o.log?.[failures > 0 ? "error" : "warn"]({ chain: name, err: error }, "lane round failed");
      await pause(Math.min(SLOWEST_RETRY_MS, pollMs * 2 ** Math.min(failures, 10)), o.signal);
      failures++;
    }
  }
}
