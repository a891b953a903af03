import { setTimeout as delay } from "node:timers/promises";
import { type Addresses, type Chain, DirectLane } from "@sooth/chain";
import { type Address, AppError, type Hex, need } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { type Store, withLease } from "@sooth/store";
import type { LocalAccount } from "viem";
import type { Refills, Times } from "../../core/index.ts";
import { Bundler } from "./bundler.ts";
import { keepFilled } from "./keep-filled.ts";
import { keepSeated } from "./keep-seated.ts";
import { relayFailures } from "./metrics.ts";
import { Opener } from "./openings.ts";
import type { Evidence, HandedOver, Watched } from "./ports.ts";

export type RunBundlerOptions = {
  hub: Chain;
  rollups: readonly Chain[];
  addresses: Addresses;
  store: Store;
  watch: Watched;
  evidence: Evidence;
  handedOver: HandedOver;
  /** Each sends on every chain; none may have code, or what fails would not count. */
  accounts: readonly LocalAccount[];
  /** Who is owed for the legs; the first account when not given. */
  relayer?: Address;
  leastFee: bigint;
  /** Wei of the hub that may be spent on a bundle beyond what it pays. */
  gift: bigint;
  /** Fills up the accounts from what the first earned at the hub; never when not given. */
  refills?: Refills | undefined;
  /** Of each share, as the hub was built. */
  attesterBps: number;
  times: Times;
  signal: AbortSignal;
  log: Logger;
};

const HANDED_OVER_MS = 250;
/** Bundles whose legs were told; more than come again at once. */
const MOST_TOLD = 100_000;

/**
 * Relays bundles until the signal aborts: opens what owners signed, brings every bundle that it sees to its end, and keeps every
 * chain told of who attests.
 */
export async function runBundler(o: RunBundlerOptions): Promise<void> {
  const { hub, rollups, store, accounts, log } = o;
  const chains = [hub, ...rollups];
  const lanes = new Map(
    chains.map((chain) => [
      chain.definition.id,
      accounts.map((account) => new DirectLane({ store, chain, account, log })),
    ]),
  );
  const held = chains.flatMap((chain) =>
    (lanes.get(chain.definition.id) ?? []).map((lane) => holdLane(o, chain, lane)),
  );
  await o.watch.ready;
  const relayer = o.relayer ?? need(accounts[0], "an account").address;
  const bundler = new Bundler({ ...o, lanes, relayer });
  await Promise.all([
    bundler.run(),
    keepSeated({ ...o, lanes }),
    ...(o.refills ? [keepFilled({ ...o, lanes, relayer, refills: o.refills })] : []),
    takeOver(o, bundler, need(lanes.get(hub.definition.id), "the hub's lanes")),
    ...held,
  ]);
}

/** One process sends from an account; others with the same keys stand by. */
function holdLane({ store, signal, log }: RunBundlerOptions, chain: Chain, lane: DirectLane): Promise<void> {
  const name = `direct ${chain.definition.id} ${lane.account}`;
  return withLease(
    store,
    name,
    async (lease) => {
      while (!lane.isOpen && !lease.aborted)
        await lane.begin().catch(async (error: unknown) => {
          log.warn({ err: error, chain: chain.definition.name }, "a lane cannot begin");
          await delay(1_000, undefined, { signal: lease }).catch(() => undefined);
        });
      await new Promise<void>((resolve) => {
        if (lease.aborted) resolve();
        lease.addEventListener("abort", () => resolve(), { once: true });
      });
      lane.end();
    },
    signal,
  );
}

/** What owners and payers handed over: legs that are private, bundles to open, consents to what is held. */
async function takeOver(o: RunBundlerOptions, bundler: Bundler, lanes: readonly DirectLane[]): Promise<void> {
  const opener = new Opener({ ...o, charge: (id, wei) => bundler.charge(id, wei) });
  const told = new Set<Hex>();
  const { signal, log } = o;
  while (!signal.aborted) {
    try {
      for (const { id, bundle, legs } of await o.handedOver.legs()) {
        // Rows come again for a while, so that none is missed; to be told again would be taken for news.
        if (!told.has(id)) learn(o, id, { bundle, legs });
        told.add(id);
        for (const oldest of told) {
          if (told.size <= MOST_TOLD) break;
          told.delete(oldest);
        }
      }
      bundler.addConsents(await o.handedOver.consents(bundler.escrowed));
      const lane = lanes.find((one) => one.hasRoom);
      if (lane) await opener.turn(lane);
    } catch (error) {
      if (signal.aborted) return;
      relayFailures.inc({ part: "handed_over" });
      log.warn({ err: error }, "what owners handed over cannot be taken up now");
    }
    await delay(HANDED_OVER_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Rows that the API checked; one that is wrong all the same must not keep the others from being read. */
function learn(o: RunBundlerOptions, id: Hex, learned: Parameters<Watched["learn"]>[1]): void {
  try {
    o.watch.learn(id, learned);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    o.log.warn({ err: error, bundle: id }, "what was handed over is not what the bundle's id says");
  }
}
