import {
  chainById,
  computeAddresses,
  openChain,
  testAccountAddress,
  type Chain,
  type DeployParams,
} from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { Lifecycle, Logger } from "@sooth/runtime";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { ServerConfig } from "../config.ts";
import { openNetwork, parseRollups, type Network } from "../network.ts";
import type { LaptopFacts } from "../roles.ts";
import { laptopAccounts, privateKeyOf, type LaptopAccounts } from "./accounts.ts";
import { laptopParams, refuseOtherCommittee } from "./committee.ts";
import { mineEvery, startEngines } from "./engines.ts";
import { startBeacon } from "./beacon.ts";
import { startExchanges } from "./exchanges.ts";
import { enginePorts, type Ports } from "./ports.ts";
import { LAPTOP_RESOLVE_DEPOSIT } from "./resolve-purse.ts";
import { fundBundlers } from "./fund-bundlers.ts";
import { withPushKey } from "./push-key.ts";
import { seedLaptop } from "./seed.ts";

export type LaptopOptions = {
  config: ServerConfig;
  lifecycle: Lifecycle;
  log: Logger;
  onStep: (text: string) => void;
  onRepair: (text: string) => void;
  fresh?: boolean;
  /** Takes free ports instead of the usual ones: for stacks that live beside another. */
  freePorts?: boolean;
  /** Off for throwaway stacks: faster, and nothing survives a power cut. */
  durable?: boolean;
  blockSeconds?: number;
  mineOnDemand?: boolean;
  hubTimestamp?: number;
  params?: Partial<DeployParams>;
  /** Simulated exchanges with a random walk; off where the caller brings sources of his own. */
  exchanges?: boolean;
};

export type Laptop = { config: ServerConfig; network: Network; accounts: LaptopAccounts; facts: LaptopFacts };

const BLOCK_SECONDS = 1;

/** Engines, contracts, stakes and sources of a local network, each only where the configuration names no other. */
export async function prepareLaptop(o: LaptopOptions): Promise<Laptop> {
  const laptop = await prepared(o);
  if (!o.mineOnDemand) await mineEvery(o.blockSeconds ?? BLOCK_SECONDS, startedUrls(o.config, laptop.config));
  return laptop;
}

/** Of the nodes that nobody named. */
function startedUrls(named: ServerConfig, { HUB_RPC_URLS, ROLLUPS }: ServerConfig): string[] {
  if (named.HUB_RPC_URLS.length > 0) return [];
  const rollups = named.ROLLUPS.length > 0 ? [] : parseRollups(ROLLUPS).flatMap(({ rpcUrls }) => rpcUrls);
  return [...HUB_RPC_URLS, ...rollups];
}

async function prepared(o: LaptopOptions): Promise<Laptop> {
  const dataDir = path.resolve(o.config.SOOTH_DATA_DIR);
  if (o.fresh) {
    for (const part of ["postgres", "chains", "ports.json", "hub-genesis"])
      rmSync(path.join(dataDir, part), { recursive: true, force: true });
    forgetTestJournals(path.join(dataDir, "providers"));
  }

  const ports = await enginePorts(dataDir, o.freePorts ?? false);
  const settings = withPushKey(o.config, dataDir);
  const config = await startEngines(settings, o.lifecycle, {
    dataDir,
    ports,
    hubTimestamp: o.hubTimestamp,
    durable: o.durable ?? true,
    onStep: o.onStep,
    onRepair: o.onRepair,
  });

  const accounts = laptopAccounts({
    deployer: o.config.DEPLOYER_KEY as Hex | undefined,
    relayer: o.config.RELAYER_KEY as Hex | undefined,
    gateway: o.config.GATEWAY_KEY as Hex | undefined,
    provider: o.config.PROVIDER_KEY as Hex | undefined,
    bundlers: o.config.BUNDLER_KEYS as Hex[],
  });
  const facts: LaptopFacts = {
    devAccounts: accounts.users.map(({ name, account }) => ({
      name,
      address: account.address,
      privateKey: privateKeyOf(account),
    })),
    testAccount: null,
    sourceTemplates: [],
  };
  if (config.DEPLOYMENT_FILE !== undefined) {
    const network = openNetwork(config, o.log);
    return { config: await withBeacon(o, config, ports, network.hub, accounts), network, accounts, facts };
  }

  const params: DeployParams = { ...laptopParams(o.config), ...o.params };
  const hub = openChain({
    definition: chainById(config.HUB_CHAIN_ID),
    rpcUrls: config.HUB_RPC_URLS,
    log: o.log,
  });
  const rollups = parseRollups(config.ROLLUPS).map(({ chainId, rpcUrls }) =>
    openChain({ definition: chainById(chainId), rpcUrls, log: o.log }),
  );
  // Nothing here is worth anything, so the whole way is walked: who counts his money says 0.
  const resolveDeposit = config.ORACLE_RESOLVE_DEPOSIT ?? LAPTOP_RESOLVE_DEPOSIT;
  await refuseOtherCommittee(hub, params);
  o.onStep("bringing contracts, stakes and test dollars to the chains");
  await seedLaptop({
    hub,
    rollups,
    accounts,
    params,
    resolveDeposit,
    onStep: o.onStep,
  });
  await fundBundlers([hub, ...rollups], accounts);
  const seeded = { ...facts, testAccount: testAccountAddress };
  const network: Network = {
    hub,
    rollups,
    addresses: computeAddresses(params),
    startBlock: 0,
    rollupStarts: new Map(rollups.map(({ definition: { id } }) => [id, 0])),
  };
  const staking = { ...config, ORACLE_RESOLVE_DEPOSIT: resolveDeposit };
  const withUrls = await withBeacon(o, staking, ports, hub, accounts);
  if (o.exchanges === false) return { config: withUrls, network, accounts, facts: seeded };

  const exchanges = await startExchanges({ lifecycle: o.lifecycle, ports, hub });
  return {
    config: {
      ...withUrls,
      // Gas is free here: whatever somebody creates is told.
      ORACLE_FEEDS: config.ORACLE_FEEDS.length > 0 ? config.ORACLE_FEEDS : ["all"],
      PROVIDER_ALLOWED_ORIGINS: [...config.PROVIDER_ALLOWED_ORIGINS, ...exchanges.origins],
    },
    network,
    accounts,
    facts: { ...seeded, sourceTemplates: exchanges.templates },
  };
}

/** Of the test keys alone: another key's journal lies here too, and may be of a network where money is real. */
function forgetTestJournals(folder: string): void {
  if (!existsSync(folder)) return;
  const { providers, jurors } = laptopAccounts();
  const own = [...providers.map(({ signer }) => signer), ...jurors].map(({ address }) =>
    address.toLowerCase(),
  );
  for (const name of readdirSync(folder).filter((each) => own.some((address) => each.startsWith(address))))
    rmSync(path.join(folder, name), { force: true });
}

/** The configuration with the laptop's own beacon in it, unless it names another one. */
async function withBeacon(
  o: LaptopOptions,
  config: ServerConfig,
  ports: Ports,
  hub: Chain,
  accounts: LaptopAccounts,
): Promise<ServerConfig> {
  if (config.BEACON_URLS.length > 0) return config;
  const url = await startBeacon({
    lifecycle: o.lifecycle,
    port: ports.beacon,
    hub,
    secretKey: accounts.beaconKey,
  });
  return { ...config, BEACON_URLS: [url] };
}
