import { isLocal, type Addresses, type Chain } from "@sooth/chain";
import { at } from "@sooth/kernel";
import { createLifecycle, logger, type Lifecycle, type Logger } from "@sooth/runtime";
import { migrate, openQueue, openStore, type Queue, type Store } from "@sooth/store";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { ROLE_NAMES, type RoleName, type ServerConfig } from "./config.ts";
import type { LaptopAccounts } from "./laptop/accounts.ts";
import { prepareLaptop, type Laptop, type LaptopOptions } from "./laptop/prepare.ts";
import { requireFree } from "./laptop/ports.ts";
import { openStarterMarkets } from "./laptop/starter-markets.ts";
import { openNetwork, type Network } from "./network.ts";
import { JOBS, ROLES, type LaptopFacts, type ProviderKey, type RoleContext } from "./roles.ts";
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
  // Said before anything starts, not after half a minute of installing and building.
  const { SOOTH_PORT: port, SOOTH_HOST: host } = options.config;
  if (rolesOf(options.config).includes("api"))
    await requireFree(port, "the web app", `Choose another one: npm start -- --port ${port + 1}`, host);
  const laptop = isLocal(options.config.HUB_CHAIN_ID)
    ? prepareLaptop({
        ...options,
        lifecycle,
        log,
        onStep: options.onStep ?? silent,
        onRepair: options.onRepair ?? silent,
      })
    : undefined;
  const [prepared, web] = await Promise.all([laptop, options.webFolder?.()]);
  const config = prepared?.config ?? options.config;
  const network = prepared?.network ?? openNetwork(config, log);
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
    await openStarterMarkets({
      apiUrl: o.url,
      rpcUrl: at(o.config.HUB_RPC_URLS, 0),
      hub: o.prepared.network.hub,
      account: o.prepared.accounts.house,
      sources: o.prepared.facts.sourceTemplates,
      signal: o.signal,
    });
  } catch (error) {
    if (o.signal.aborted) return;
    o.log.warn({ err: error }, "no starter market was opened");
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
  const store = () => (opened ??= openMigrated(config, lifecycle));
  let url = config.PROVIDER_API_URL ?? "";
  const context: RoleContext = {
    config,
    network,
    lifecycle,
    log,
    store,
    queue: () => (queue ??= store().then((known) => openJobs(known, lifecycle))),
    keys: keysOf(config, prepared, options.providers),
    apiUrl: () => url,
    facts: prepared?.facts ?? NO_FACTS,
    web,
    onListening: (address) => {
      url = config.PROVIDER_API_URL ?? address;
    },
  };
  const wanted = rolesOf(config);
  // The api first: providers hand over to it, and its /ready tells how far the others are.
  for (const role of ROLE_NAMES.filter((name: RoleName) => wanted.includes(name))) await ROLES[role](context);
  return url;
}

const NO_FACTS: LaptopFacts = { devAccounts: [], sourceTemplates: [] };

async function openMigrated(config: ServerConfig, lifecycle: Lifecycle): Promise<Store> {
  const store = openStore({ url: config.DATABASE_URL ?? "", applicationName: "sooth" });
  await lifecycle.add("store", async () => () => store.close());
  await migrate(store, MIGRATIONS);
  return store;
}

async function openJobs(store: Store, lifecycle: Lifecycle): Promise<Queue> {
  const queue = await openQueue(store, { jobs: JOBS });
  await lifecycle.add("queue", async () => () => queue.stop());
  return queue;
}

const account = (key: string): LocalAccount => privateKeyToAccount(key as `0x${string}`);

/** Keys from the configuration, or a laptop's test keys. */
function keysOf(
  config: ServerConfig,
  laptop: Laptop | undefined,
  only: readonly number[] | undefined,
): { relayer?: LocalAccount; providers: ProviderKey[] } {
  const relayer = config.RELAYER_KEY === undefined ? laptop?.accounts.relayer : account(config.RELAYER_KEY);
  if (config.PROVIDER_KEY !== undefined)
    return {
      relayer,
      providers: [
        { name: "provider", signer: account(config.PROVIDER_KEY), journalFile: config.PROVIDER_JOURNAL },
      ],
    };
  const folder = path.join(config.SOOTH_DATA_DIR, "providers");
  mkdirSync(folder, { recursive: true });
  const indexes = only ?? laptop?.accounts.providers.map((_, index) => index) ?? [];
  const providers = laptop
    ? indexes.map((index) => ({
        name: `provider-${index + 1}`,
        signer: at(laptop.accounts.providers, index).signer,
        journalFile: path.join(folder, `provider-${index + 1}.journal`),
      }))
    : [];
  return { relayer, providers };
}
