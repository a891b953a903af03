import { chainMigrations } from "@sooth/chain";
import { configureLogs, logger } from "@sooth/runtime";
import { migrate, openStore, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import type { LocalAccount } from "viem";
import { TIMES, type Times } from "../src/core/index.ts";
import { handedOverIn } from "../src/edge/relay/handed-over.ts";
import { type RunBundlerOptions, runBundler } from "../src/edge/relay/run-bundler.ts";
import { bundles } from "../src/edge/slice.ts";
import { type BundleWatch, openWatch } from "../src/edge/watch/index.ts";
import { evidenceOf } from "./attesting.ts";
import type { BundleStage } from "./stage.ts";

export type Ledger = { store: Store; url: string; close(): Promise<void> };

/** A database of its own, with the tables that a bundler uses. */
export async function openLedger(): Promise<Ledger> {
  const database = await testDatabase();
  const store = openStore({ url: database.url });
  await migrate(store, [chainMigrations, bundles.migrations]);
  return {
    store,
    url: database.url,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}

export type Relaying = { watch: BundleWatch; stop(): Promise<void> };

/** A bundler on all chains of the stage. */
export async function relay(
  stage: Pick<BundleStage, "hub" | "rollups" | "addresses" | "params">,
  store: Store,
  accounts: readonly LocalAccount[],
  over: Partial<RunBundlerOptions> = {},
): Promise<Relaying> {
  configureLogs({ level: process.env.SOOTH_TEST_LOG === "debug" ? "debug" : "silent" });
  const end = new AbortController();
  const { signal } = end;
  const log = logger("bundler");
  const { addresses } = stage;
  const hub = stage.hub.chain;
  const rollups = stage.rollups.map(({ chain }) => chain);
  const watch = openWatch({ hub, rollups, addresses, signal, log });
  await watch.ready;
  const running = runBundler({
    hub,
    rollups,
    addresses,
    store,
    watch,
    evidence: evidenceOf(stage, watch),
    handedOver: handedOverIn(store),
    accounts,
    leastFee: 0n,
    gift: 10n ** 18n,
    attesterBps: stage.params.bundles.attesterBps,
    times: timesOf(stage),
    signal,
    log,
    ...over,
  });
  return {
    watch,
    stop: async () => {
      end.abort();
      await Promise.all([running, watch.done]);
    },
  };
}

export const timesOf = ({ params }: Pick<BundleStage, "params">): Times => ({
  ...TIMES,
  grace: params.bundles.graceSeconds,
  escape: params.bundles.escapeSeconds,
});
