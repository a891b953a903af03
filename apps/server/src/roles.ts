import { followChain, followedHead, runLane, type BlockRef } from "@sooth/chain";
import { type Address, need } from "@sooth/kernel";
import { oracle, runProvider, type Spoken, watchAndTell } from "@sooth/oracle";
import {
  bundleTerms,
  evidenceFrom,
  handedOverIn,
  openWatch,
  runBundler,
  watchAttesters,
} from "@sooth/bundles";
import { openBeacon, sweepRounds } from "@sooth/randomness";
import type { Lifecycle } from "@sooth/runtime";
import { forgetLive, notifyLive, type Executor, type Queue, type Store } from "@sooth/store";
import { startApi } from "./api.ts";
import { attest, viewUrls } from "./attesting.ts";
import { MONITORS, PROVE_ROUNDS, sweepJob, TAKE_UP } from "./jobs.ts";
import { bundlerTerms } from "./bundler-terms.ts";
import type { Keys } from "./keys.ts";
import type { RoleName, ServerConfig } from "./config.ts";
import type { Network } from "./network.ts";
import { opinionsOf } from "./analysts.ts";
import { witnessOf } from "./witness.ts";
import { SLICES, type Context } from "./slices.ts";

/** What a role gets. It opens only what it needs and asks only for its own secrets. */
export type RoleContext = {
  config: ServerConfig;
  network: Network;
  lifecycle: Lifecycle;
  log: Context["log"];
  /** Opened for the first role that asks; provider never does. */
  store(): Promise<Store>;
  /** One for the process: the worker works on it, the api tells how deep it is. */
  queue(): Promise<Queue>;
  keys: Keys;
  /** Where providers hand over; known once the api listens, or from the configuration. */
  apiUrl(): string;
  onListening(url: string): void;
  facts: LaptopFacts;
  /** Folder of the built web app. */
  web: string | undefined;
};
/** What a laptop's API tells the web app besides what every network tells. */
export type LaptopFacts = {
  devAccounts: { name: string; address: string; privateKey: string }[];
  /** Code that the accounts delegate to; null where nothing was seeded. */
  testAccount: Address | null;
  sourceTemplates: { name: string; url: string; path: string; unit: string; note: string }[];
};

type StartRole = (role: RoleContext) => Promise<void>;

export const ROLES = {
  api: startApi,
  worker: startWorker,
  relayer: startRelayer,
  provider: startProviders,
  watcher: startWatcher,
  bundler: startBundler,
} satisfies Record<RoleName, StartRole>;

/** Turns logs into rows, and after each hub block lets the slices do what is due. One follower per chain, by lease. */
async function startWorker({ config, network, lifecycle, log, ...open }: RoleContext): Promise<void> {
  const [store, queue] = await Promise.all([open.store(), open.queue()]);
  const { hub, rollups, addresses, startBlock, rollupStarts } = network;
  const beacon = openBeacon(hub, addresses, config);
  const context: Context = { config, store, hub, rollups, addresses, beacon, log };

  const requests = SLICES.flatMap(({ rounds }) =>
    rounds ? [async (head: BlockRef) => rounds(context, head)] : [],
  );
  const onHubBlock = async (tx: Executor, head: BlockRef) => {
    await notifyLive(tx, {
      topic: "block",
      id: String(head.number),
      data: { chainId: head.chainId, number: head.number, timestamp: head.timestamp },
    });
    await forgetLive(tx);
    // Queued with the rows of the block: a crash between the two cannot lose a sweep, and one waiting sweep is enough.
    for (const slice of SLICES) await queue.send(tx, sweepJob(slice.name), {}, { key: slice.name });
    for (const { name, job } of MONITORS) await queue.send(tx, job, {}, { key: name });
    if (requests.length > 0) await queue.send(tx, PROVE_ROUNDS, {}, { key: PROVE_ROUNDS });
  };
  const handlers = SLICES.flatMap((slice) => slice.logHandlers(addresses));
  background(lifecycle, log, "follow hub", (signal) =>
    followChain({ store, chain: hub, fromBlock: startBlock, handlers, onBlock: onHubBlock, signal, log }),
  );
  const ofRollups = SLICES.flatMap((slice) => slice.rollupLogHandlers?.(addresses) ?? []);
  for (const chain of rollups) {
    // Where nothing of ours stands its heads and reorgs are followed alone, so that health can tell of it: reading a public
    // rollup from its first block would take days.
    const known = rollupStarts.get(chain.definition.id);
    const fromBlock = known ?? Number(await chain.client.getBlockNumber());
    const handlers = known === undefined ? [] : ofRollups;
    background(lifecycle, log, `follow ${chain.definition.name}`, (signal) =>
      followChain({ store, chain, fromBlock, handlers, signal, log }),
    );
  }
  for (const slice of SLICES) {
    // A sweep looks at the state as it is when it runs, not at the block that called for it.
    await queue.work(sweepJob(slice.name), async () => {
      const head = await followedHead(store.db, hub.definition.id);
      if (head) await slice.sweep(context, head);
    });
    // What died while the database or the chain was away for long is due again by nature.
    await queue.retryDead(sweepJob(slice.name));
  }
  for (const { job, monitor } of MONITORS) {
    await queue.work(job, async () => {
      const head = await followedHead(store.db, hub.definition.id);
      if (head) await monitor(context, head);
    });
    await queue.retryDead(job);
  }
  await queue.work(TAKE_UP, async (spoken) => {
    const head = await followedHead(store.db, hub.definition.id);
    if (head) await oracle.takeUp(context, head, spoken as Spoken);
  });
  await queue.retryDead(TAKE_UP);
  await queue.work(PROVE_ROUNDS, async () => {
    const head = await followedHead(store.db, hub.definition.id);
    if (head) await sweepRounds(context, requests, head);
  });
  await queue.retryDead(PROVE_ROUNDS);
}

/** Sends what the others put in the outbox. The only role that holds a platform key. */
async function startRelayer({ network, lifecycle, log, store: open, keys }: RoleContext): Promise<void> {
  const store = await open();
  const account = need(keys.relayer, "RELAYER_KEY");
  background(lifecycle, log, "relayer lane", (signal) =>
    runLane({ store, chain: network.hub, account, signal, log }),
  );
}

/** A staker's oracle node: no database, its own key, its own view of the chain. */
async function startProviders({ config, network, lifecycle, log, keys, apiUrl }: RoleContext): Promise<void> {
  const witness = await witnessOf(config, log);
  const opinions = await opinionsOf(config, apiUrl(), log);
  const perSecond = config.PROVIDER_ORIGIN_RATE;
  for (const { name, signer, journalFile, jurorOnly } of keys.providers)
    background(lifecycle, log, name, (signal) =>
      runProvider({
        hub: network.hub,
        addresses: network.addresses,
        fromBlock: network.startBlock,
        account: signer,
        apiUrl: apiUrl(),
        allowedOrigins: config.PROVIDER_ALLOWED_ORIGINS,
        originPace: { perSecond, burst: Math.ceil(3 * perSecond) },
        chains: network.rollups,
        witness,
        opinions,
        journalFile,
        jurorOnly,
        firstPartyFeeds: config.PROVIDER_FIRST_PARTY_FEEDS,
        harmlessConsumers: config.PROVIDER_HARMLESS_CONSUMERS,
        collectors: config.PROVIDER_COLLECTORS.length > 0 ? config.PROVIDER_COLLECTORS : undefined,
        signal,
        log: log.child({ provider: name }),
      }),
    );
  startAttesters({ config, network, lifecycle, log, keys, apiUrl });
}

/** The same keys say what is so of bundles. A node that lacks what that takes goes on with everything else. */
function startAttesters(
  o: Pick<RoleContext, "config" | "network" | "lifecycle" | "log" | "keys" | "apiUrl">,
): void {
  const { config, network, lifecycle, log, keys, apiUrl } = o;
  const signers = keys.providers.filter(({ jurorOnly }) => jurorOnly !== true);
  if (config.PROVIDER_ATTESTS === "no" || signers.length === 0) return;
  let views: ReturnType<typeof viewUrls>;
  try {
    views = viewUrls(config);
  } catch (error) {
    log.error({ err: error }, "this node attests nothing");
    return;
  }
  const collectors = config.PROVIDER_COLLECTORS.length > 0 ? config.PROVIDER_COLLECTORS : [apiUrl()];
  background(lifecycle, log, "attesters", (signal) =>
    attest({ config, network, views, signers, collectors, signal, log }),
  );
}

/**
 * Reads answers itself, with its own key and sources, and hands over what contradicts them; and sends proofs against attesters that
 * nobody sent. No database.
 */
async function startWatcher({ config, network, lifecycle, log, keys, apiUrl }: RoleContext): Promise<void> {
  const account = keys.watcher;
  if (account === undefined) {
    // Wanted by name it must not be missing; among all the others it is one that nobody set up.
    if (config.SOOTH_ROLES.includes("watcher")) need(account, "WATCHER_KEY");
    return;
  }
  const witness = await witnessOf(config, log);
  const opinions = await opinionsOf(config, apiUrl(), log);
  const perSecond = config.PROVIDER_ORIGIN_RATE;
  background(lifecycle, log, "watcher", (signal) =>
    watchAndTell({
      hub: network.hub,
      addresses: network.addresses,
      fromBlock: network.startBlock,
      account,
      apiUrl: apiUrl(),
      allowedOrigins: config.PROVIDER_ALLOWED_ORIGINS,
      originPace: { perSecond, burst: Math.ceil(3 * perSecond) },
      chains: network.rollups,
      witness,
      opinions,
      looksFile: keys.watcherLooks,
      silenceDeposit: config.WATCHER_DEPOSIT,
      silenceDepositInADay: config.WATCHER_DEPOSIT_A_DAY,
      signal,
      log: log.child({ watcher: account.address }),
    }),
  );
  background(lifecycle, log, "watcher of attesters", (signal) =>
    watchAttesters({
      hub: network.hub,
      addresses: network.addresses,
      account,
      apiUrl: apiUrl(),
      signal,
      log: log.child({ watcher: account.address }),
    }),
  );
}

/** Brings bundles to their ends on every chain, with keys of its own. Many may do so at once, and need not know of each other. */
async function startBundler({ config, network, lifecycle, log, keys, ...open }: RoleContext): Promise<void> {
  const { bundlers: accounts } = keys;
  if (accounts.length === 0) {
    // Wanted by name it must not be without; among all the others it is one that nobody set up.
    if (config.SOOTH_ROLES.includes("bundler")) need(accounts[0], "BUNDLER_KEYS");
    return;
  }
  const store = await open.store();
  const { hub, rollups, addresses, startBlock, rollupStarts } = network;
  const terms = await bundleTerms(hub, addresses);
  const chains = rollups.filter(({ definition }) => rollupStarts.has(definition.id));
  const worksFor = bundlerTerms(
    config,
    [hub, ...chains].map(({ definition }) => definition.id),
  );
  const fromBlocks = new Map([...rollupStarts, [hub.definition.id, startBlock] as const]);
  background(lifecycle, log, "bundler", async (signal) => {
    const end = new AbortController();
    const over = AbortSignal.any([signal, end.signal]);
    const watch = openWatch({ hub, rollups: chains, addresses, fromBlocks, signal: over, log });
    try {
      await runBundler({
        hub,
        rollups: chains,
        addresses,
        store,
        watch,
        evidence: evidenceFrom(open.apiUrl()),
        handedOver: handedOverIn(store),
        accounts,
        ...worksFor,
        attesterBps: terms.attesterBps,
        times: terms,
        signal: over,
        log: log.child({ role: "bundler" }),
      });
    } finally {
      end.abort();
      await watch.done;
    }
  });
}

const RESTART_DELAY_MS = 1_000;

/** Runs until the lifecycle stops. A part that falls is logged and started again: its work is level-triggered. */
function background(
  lifecycle: Lifecycle,
  log: Context["log"],
  name: string,
  run: (signal: AbortSignal) => Promise<void>,
): void {
  const stop = new AbortController();
  const loop = async () => {
    while (!stop.signal.aborted) {
      try {
        await run(stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        log.error({ err: error, part: name }, "part failed, starts again");
      }
      await new Promise((resolve) => setTimeout(resolve, stop.signal.aborted ? 0 : RESTART_DELAY_MS));
    }
  };
  const running = loop();
  void lifecycle.add(name, async () => async () => {
    stop.abort();
    await running;
  });
}
