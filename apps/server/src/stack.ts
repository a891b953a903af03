import { isLocal, type Addresses, type Chain } from "@sooth/chain";
import { need } from "@sooth/kernel";
import { createLifecycle, logger, type Lifecycle, type Logger, watchDisk } from "@sooth/runtime";
import { migrate, openQueue, openStore, type Queue, type Store } from "@sooth/store";
import { settingsBeside } from "./beside.ts";
import { ServerError } from "./errors.ts";
import path from "node:path";
import { ROLE_NAMES, type RoleName, type ServerConfig } from "./config.ts";
import { JOBS } from "./jobs.ts";
import { keysOf, nodeFolder, nodesOf } from "./keys.ts";
import type { LaptopAccounts } from "./laptop/accounts.ts";
import { forgetChainTables, forgetOtherChain } from "./laptop/forget-chain.ts";
import { prepareLaptop, type Laptop, type LaptopOptions } from "./laptop/prepare.ts";
import { lockFolder } from "./laptop/lock.ts";
import { requireFree } from "./laptop/ports.ts";
import { openStarterFeed } from "./laptop/starter-feed.ts";
import { openStarterMarkets } from "./laptop/starter-markets.ts";
import { openNetwork, type Network } from "./network.ts";
import { ROLES, type LaptopFacts, type RoleContext } from "./roles.ts";
import { MIGRATIONS } from "./slices.ts";

export type StackOptions = Omit<Partial<LaptopOptions>, "config" | "lifecycle" | "log"> & {
  config: ServerConfig;
  lifecycle?: Lifecycle;
  log?: Logger;
  /** Which of a laptop's four providers run; all of them when not given. */
  providers?: readonly number[];
  /** Opens markets on a laptop that has none, in the background once the api listens. */
  starters?: boolean;
  /** Folder of the built web app; none: only the API is served. */
  webFolder?: () => Promise<string>;
  /** URL of a running server that this process is a node of: it starts no engines and seeds nothing. */
  beside?: string;
};

export type Stack = {
  url: string;
  config: ServerConfig;
  hub: Chain;
  rollups: readonly Chain[];
  addresses: Addresses;
  startBlock: number;
  /** Present on a local network. */
  accounts: LaptopAccounts | undefined;
  stop(): Promise<void>;
};

/** Starts every role that the configuration names, and on a local network everything under them. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const log = options.log ?? logger("server");
  const lifecycle = options.lifecycle ?? createLifecycle(log);
  try {
    return await start(options, lifecycle, log);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

const rolesOf = (config: ServerConfig): readonly RoleName[] =>
  config.SOOTH_ROLES.length > 0 ? config.SOOTH_ROLES : ROLE_NAMES;

const silent = (): void => {};

async function start(options: StackOptions, lifecycle: Lifecycle, log: Logger): Promise<Stack> {
  const beside =
    options.beside === undefined ? undefined : await settingsBeside(options.config, options.beside);
  const given = beside?.config ?? options.config;
  const local = beside === undefined && isLocal(given.HUB_CHAIN_ID);
  // The folder first: when another start of ours holds it, its port is busy for that reason.
  if (local)
    await lifecycle.add("data folder", async () => {
      const unlock = lockFolder(path.resolve(given.SOOTH_DATA_DIR), options.onRepair ?? silent);
      return async () => unlock();
    });
  await lifecycle.add("disk figures", async () => {
    const stop = watchDisk("data", path.resolve(given.SOOTH_DATA_DIR));
    return async () => stop();
  });
  // Said before anything starts, not after half a minute of installing and building.
  const { SOOTH_PORT: port, SOOTH_HOST: host } = given;
  const serves = rolesOf(given).includes("api");
  if (serves)
    await requireFree(port, "the web app", `Choose another one: npm start -- --port ${port + 1}`, host);
  const laptop = local
    ? prepareLaptop({
        ...options,
        lifecycle,
        log,
        onStep: options.onStep ?? silent,
        onRepair: options.onRepair ?? silent,
      })
    : undefined;
  const [prepared, web] = await Promise.all([laptop, serves ? options.webFolder?.() : undefined]);
  const config = prepared?.config ?? given;
  const network = prepared?.network ?? openNetwork(config, log, beside?.addresses);
  await lifecycle.add("chains", async () => async () => {
    await Promise.all([network.hub, ...network.rollups].map((chain) => chain.close()));
  });
  const url = await startRoles({ config, network, prepared, lifecycle, log, web, options });
  if (options.starters && prepared && prepared.facts.sourceTemplates.length > 0) {
    const stop = new AbortController();
    const opening = openStarters({ url, config, prepared, log, signal: stop.signal });
    await lifecycle.add("starter markets", async () => async () => {
      stop.abort();
      // A receipt that is waited for may take a block; whatever was sent is on its way all the same.
      await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, 100))]);
    });
  }
  return { url, config, ...network, accounts: prepared?.accounts, stop: () => lifecycle.stop() };
}

/** Nice to have: a laptop without them still works, so what fails is logged and no more. */
async function openStarters(o: {
  url: string;
  config: ServerConfig;
  prepared: Laptop;
  log: Logger;
  signal: AbortSignal;
}): Promise<void> {
  try {
    const house = {
      apiUrl: o.url,
      hub: o.prepared.network.hub,
      account: o.prepared.accounts.house,
      sources: o.prepared.facts.sourceTemplates,
      signal: o.signal,
    };
    await openStarterMarkets(house);
    await openStarterFeed(house);
  } catch (error) {
    if (o.signal.aborted) return;
    o.log.warn({ err: error }, "not all starter markets and the feed were opened");
  }
}

type RolesToStart = {
  config: ServerConfig;
  network: Network;
  prepared: Laptop | undefined;
  lifecycle: Lifecycle;
  log: Logger;
  web: string | undefined;
  options: StackOptions;
};

async function startRoles({
  config,
  network,
  prepared,
  lifecycle,
  log,
  web,
  options,
}: RolesToStart): Promise<string> {
  let opened: Promise<Store> | undefined;
  let queue: Promise<Queue> | undefined;
  const store = () =>
    (opened ??= openMigrated({
      config,
      lifecycle,
      // Only a laptop's chain may vanish; elsewhere a wrong RPC URL must never cost the tables.
      hub: prepared && network.hub,
      fresh: options.fresh ?? false,
      onRepair: options.onRepair ?? silent,
    }));
  const wanted = rolesOf(config);
  let url = wanted.includes("api") ? "" : (config.PROVIDER_API_URL ?? "");
  const needApi = wanted.some((role) => role === "provider" || role === "watcher" || role === "bundler");
  if (url === "" && needApi && !wanted.includes("api"))
    throw ServerError.missing_setting({
      key: "PROVIDER_API_URL",
      why: "no api runs here that reports could be handed to, or facts be signed at",
    });
  const keys = keysOf(config, prepared?.accounts, options.providers);
  // However this process was started: one that joined a server and one that did not may share the data folder.
  for (const address of nodesOf(keys, wanted))
    await lifecycle.add(`key ${address}`, async () => {
      const folder = nodeFolder(path.resolve(config.SOOTH_DATA_DIR), address);
      // A laptop's folder has said already what a run left that did not stop by itself.
      const onRepair = prepared ? silent : (options.onRepair ?? silent);
      const unlock = lockFolder(folder, onRepair, (pid) => ServerError.key_in_use({ address, pid }));
      return async () => unlock();
    });
  const context: RoleContext = {
    config,
    network,
    lifecycle,
    log,
    store,
    queue: () => (queue ??= store().then((known) => openJobs(known, lifecycle))),
    keys,
    apiUrl: () => url,
    facts: prepared?.facts ?? NO_FACTS,
    web,
    onListening: (address) => {
      url = config.PROVIDER_API_URL ?? address;
    },
  };
  // The api first: providers hand over to it, and its /ready tells how far the others are.
  for (const role of ROLE_NAMES.filter((name: RoleName) => wanted.includes(name))) await ROLES[role](context);
  return url;
}

const NO_FACTS: LaptopFacts = { devAccounts: [], testAccount: null, sourceTemplates: [] };

type Migrating = {
  config: ServerConfig;
  lifecycle: Lifecycle;
  hub: Chain | undefined;
  fresh: boolean;
  onRepair: (what: string) => void;
};

async function openMigrated({ config, lifecycle, hub, fresh, onRepair }: Migrating): Promise<Store> {
  const store = openStore({ url: need(config.DATABASE_URL, "DATABASE_URL"), applicationName: "sooth" });
  await lifecycle.add("store", async () => () => store.close());
  await migrate(store, MIGRATIONS);
  if (hub && fresh) {
    await forgetChainTables(store);
    await migrate(store, MIGRATIONS);
  } else if (hub && (await forgetOtherChain(store, hub, config.SOOTH_DATA_DIR))) {
    onRepair("the hub is another chain than last time; what the database held of the old one is dropped");
    await migrate(store, MIGRATIONS);
  }
  return store;
}

async function openJobs(store: Store, lifecycle: Lifecycle): Promise<Queue> {
  const queue = await openQueue(store, { jobs: JOBS });
  await lifecycle.add("queue", async () => () => queue.stop());
  return queue;
}
