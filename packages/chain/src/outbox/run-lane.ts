import type { Logger } from "@sooth/runtime";
import { listen, type Store, withLease } from "@sooth/store";
import type { Abi, LocalAccount } from "viem";
import { Bell, keepGoing } from "../keep-going.ts";
import type { Chain } from "../rpc/chain.ts";
import { OUTBOX_CHANNEL } from "./enqueue.ts";
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

/**
 * Sends what the outbox holds for this chain, from this account, until `signal` aborts. Of many callers with the same
 * account on one database one works, the others wait for its lease; other accounts work beside it.
 */
export async function runLane(o: LaneOptions): Promise<void> {
  const name = `lane ${o.chain.definition.id} ${o.account.address.toLowerCase()}`;
  await withLease(o.store, name, (signal) => work({ ...o, signal }), o.signal);
}

async function work(o: LaneOptions): Promise<void> {
  const { definition } = o.chain;
  const lane = new Lane(o);
  const bell = new Bell();
  const end = new AbortController();
  const signal = AbortSignal.any([o.signal, end.signal]);
  const rounds = keepGoing({
    what: "lane round",
    definition,
    step: async () => {
      await lane.round();
      return "idle";
    },
    failed: (code) => laneFailures.inc({ chain: definition.name, code }),
    bell,
    signal,
    log: o.log,
  });
  const notices = listen(o.store, OUTBOX_CHANNEL, signal, {
    onNotice: (chainId) => {
      if (chainId === String(definition.id)) bell.ring();
    },
  });
  // Neither may go on without the other: the lease ends with both.
  const ended = await Promise.allSettled([rounds, notices].map((part) => part.finally(() => end.abort())));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
}
