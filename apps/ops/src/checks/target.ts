import {
  type Addresses,
  type Chain,
  chainById,
  chains,
  computeAddresses,
  isLocal,
  openChain,
} from "@sooth/chain";
import { type Logger, logger } from "@sooth/runtime";
import {
  type Context,
  laptopParams,
  loadEnvironment,
  localBeaconUrl,
  openNetwork,
  parseRollups,
  type ServerConfig,
} from "@sooth/server";
import { EVMNET_RELAYS, openBeacon } from "@sooth/randomness";
import { openStore, type Store } from "@sooth/store";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";

/** What checks run against: somebody else's running deployment. Nothing here writes. */
export type Target = { context: Context; close(): Promise<void> };

const portsFile = z.object({
  hub: z.number(),
  postgres: z.number(),
  beacon: z.number(),
  rollupA: z.number(),
  rollupB: z.number(),
});

/**
 * The deployment that the environment names; without DATABASE_URL and HUB_RPC_URLS the one that runs on this machine
 * with its data in `dataDir`. @throws ops.no_key, ops.unreadable
 */
export function openTarget(dataDir: string): Target {
  const config = loadEnvironment();
  const log = logger("check");
  if (config.DATABASE_URL === undefined && config.HUB_RPC_URLS.length === 0)
    return openLaptop(config, dataDir, log);
  if (config.DATABASE_URL === undefined)
    throw OpsError.no_key({ key: "DATABASE_URL", why: "the checks read the deployment's tables" });
  if (config.HUB_RPC_URLS.length === 0)
    throw OpsError.no_key({ key: "HUB_RPC_URLS", why: "the checks compare tables with the chain" });
  const { hub, rollups, addresses } = openNetwork(config, log);
  return target({ config, log, hub, addresses, url: config.DATABASE_URL, others: rollups });
}

function openLaptop(config: ServerConfig, dataDir: string, log: Logger): Target {
  const ports = portsFile.parse(JSON.parse(read(path.join(dataDir, "ports.json"))));
  const rpcUrls = [`http://127.0.0.1:${ports.hub}`];
  return target({
    config:
      config.BEACON_URLS.length > 0 ? config : { ...config, BEACON_URLS: [localBeaconUrl(ports.beacon)] },
    log,
    hub: openChain({ definition: chainById(config.HUB_CHAIN_ID), rpcUrls }),
    addresses: computeAddresses(laptopParams(config)),
    url: laptopUrl(dataDir),
    others: [],
  });
}

/** The chain and its contracts alone: what an emergency needs must not wait for tables. */
export type HubTarget = {
  hub: Chain;
  addresses: Addresses;
  config: ServerConfig;
  isLaptop: boolean;
  close(): Promise<void>;
};

/** The hub that the environment names; without HUB_RPC_URLS the one on this machine. @throws ops.unreadable */
export function openHubAlone(dataDir: string): HubTarget {
  const config = loadEnvironment();
  if (config.HUB_RPC_URLS.length === 0) {
    const hub = openChain({ definition: chainById(config.HUB_CHAIN_ID), rpcUrls: [hubUrl(dataDir)] });
    return {
      hub,
      addresses: computeAddresses(laptopParams(config)),
      config,
      isLaptop: true,
      close: () => hub.close(),
    };
  }
  const { hub, rollups, addresses } = openNetwork(config, logger("emergency"));
  const close = async () => {
    await Promise.all([hub, ...rollups].map((chain) => chain.close()));
  };
  return { hub, addresses, config, isLaptop: false, close };
}

/** A node of the hub: the environment's first, else the one on this machine. @throws ops.unreadable */
export const hubUrl = (dataDir: string): string =>
  loadEnvironment().HUB_RPC_URLS[0] ??
  `http://127.0.0.1:${portsFile.parse(JSON.parse(read(path.join(dataDir, "ports.json")))).hub}`;

/** The rollups that the environment names, else those on this machine: one whose node is away is told of when it is asked. */
export function openRollupsHere(dataDir: string): Chain[] {
  const { ROLLUPS, HUB_RPC_URLS } = loadEnvironment();
  const named = parseRollups(ROLLUPS);
  if (named.length > 0 || HUB_RPC_URLS.length > 0)
    return named.map(({ chainId, rpcUrls }) => openChain({ definition: chainById(chainId), rpcUrls }));
  const urls = rollupUrls(dataDir);
  return chains
    .filter(({ id, role }) => isLocal(id) && role === "rollup")
    .map((definition, place) => openChain({ definition, rpcUrls: urls.slice(place, place + 1) }));
}

/** A node of each rollup: the environment's, else those on this machine. @throws ops.unreadable */
export function rollupUrls(dataDir: string): string[] {
  const { ROLLUPS, HUB_RPC_URLS } = loadEnvironment();
  if (ROLLUPS.length > 0 || HUB_RPC_URLS.length > 0)
    return parseRollups(ROLLUPS).flatMap(({ rpcUrls }) => rpcUrls.slice(0, 1));
  const { rollupA, rollupB } = portsFile.parse(JSON.parse(read(path.join(dataDir, "ports.json"))));
  return [rollupA, rollupB].map((port) => `http://127.0.0.1:${port}`);
}

/** Relays of the beacon: the environment's, else the one on this machine, else drand's. */
export function relaysHere(dataDir: string): readonly string[] {
  const { BEACON_URLS, HUB_RPC_URLS } = loadEnvironment();
  if (BEACON_URLS.length > 0) return BEACON_URLS;
  const file = path.join(dataDir, "ports.json");
  if (HUB_RPC_URLS.length > 0 || !existsSync(file)) return EVMNET_RELAYS;
  return [localBeaconUrl(portsFile.parse(JSON.parse(read(file))).beacon)];
}

/** The tables alone, to be written to. @throws ops.unreadable */
export const openTables = (dataDir: string): Store =>
  openStore({
    url: loadEnvironment().DATABASE_URL ?? laptopUrl(dataDir),
    max: 2,
    applicationName: "sooth ops",
  });

function laptopUrl(dataDir: string): string {
  const { postgres } = portsFile.parse(JSON.parse(read(path.join(dataDir, "ports.json"))));
  const password = read(path.join(dataDir, "postgres", "sooth-password")).trim();
  return `postgres://sooth:${password}@127.0.0.1:${postgres}/postgres`;
}

function target(o: {
  config: ServerConfig;
  log: Logger;
  hub: Chain;
  addresses: Addresses;
  url: string;
  others: readonly Chain[];
}): Target {
  const { config, log, hub, addresses } = o;
  const store = openStore({ url: o.url, max: 2, applicationName: "sooth check" });
  return {
    context: {
      config,
      store,
      hub,
      rollups: o.others,
      addresses,
      beacon: openBeacon(hub, addresses, config),
      log,
    },
    close: async () => {
      await Promise.all([hub, ...o.others].map((chain) => chain.close()));
      await store.close();
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = `${(error as NodeJS.ErrnoException).code}; nothing runs there, or DATABASE_URL and HUB_RPC_URLS are wanted`;
    throw OpsError.unreadable({ file, why }, { cause: error });
  }
}
