import { startAnvil } from "@sooth/chain/local-node";
import type { Lifecycle } from "@sooth/runtime";
import { startEmbeddedPostgres } from "@sooth/store/embedded";
import path from "node:path";
import { createTestClient, http } from "viem";
import type { ServerConfig } from "../config.ts";
import type { Ports } from "./ports.ts";

export type EngineOptions = {
  dataDir: string;
  ports: Ports;
  /** First timestamp of a new hub, for a chain that lives in the past. */
  hubTimestamp?: number;
  durable: boolean;
  onStep: (text: string) => void;
  onRepair: (text: string) => void;
};

/**
 * Starts each engine that the configuration does not name, and returns the configuration with all of them named.
 * What follows cannot tell an embedded engine from an external one.
 */
export async function startEngines(
  config: ServerConfig,
  lifecycle: Lifecycle,
  options: EngineOptions,
): Promise<ServerConfig> {
  const [database, chains] = await Promise.all([
    config.DATABASE_URL === undefined ? startDatabase(lifecycle, options) : {},
    startNodes(config, lifecycle, options),
  ]);
  return { ...config, ...database, ...chains };
}

async function startDatabase(
  lifecycle: Lifecycle,
  o: EngineOptions,
): Promise<Pick<ServerConfig, "DATABASE_URL">> {
  o.onStep("starting Postgres");
  let url = "";
  await lifecycle.add("postgres", async () => {
    const server = await startEmbeddedPostgres({
      dataDir: path.join(o.dataDir, "postgres"),
      port: o.ports.postgres,
      durable: o.durable,
      onRepair: o.onRepair,
    });
    url = server.url;
    return () => server.stop();
  });
  return { DATABASE_URL: url };
}

/** The hub where none is named, and two rollups beside it where none are. */
async function startNodes(
  config: ServerConfig,
  lifecycle: Lifecycle,
  o: EngineOptions,
): Promise<Pick<ServerConfig, "HUB_RPC_URLS" | "ROLLUPS">> {
  if (config.HUB_RPC_URLS.length > 0) return config;
  const hub = { name: "hub", chainId: 31_337, port: o.ports.hub, timestamp: o.hubTimestamp };
  const rollups = [
    { name: "rollup-a", chainId: 31_338, port: o.ports.rollupA },
    { name: "rollup-b", chainId: 31_339, port: o.ports.rollupB },
  ];
  const own = config.ROLLUPS.length > 0;
  o.onStep(own ? "starting an EVM node: the hub" : "starting three EVM nodes: the hub and two rollups");
  const start = (node: Node) => startNode(node, lifecycle, o);
  // Blocks come with transactions until {mineEvery}: what a new chain is brought waits for no clock.
  const [hubUrl, ...rollupUrls] = await Promise.all([start(hub), ...(own ? [] : rollups.map(start))]);
  return {
    HUB_RPC_URLS: [hubUrl],
    ROLLUPS: own ? config.ROLLUPS : rollups.map(({ chainId }, index) => `${chainId}=${rollupUrls[index]}`),
  };
}

/** From now on these local nodes mine by the clock. */
export async function mineEvery(seconds: number, urls: readonly string[]): Promise<void> {
  await Promise.all(
    urls.map((url) =>
      createTestClient({ mode: "anvil", transport: http(url) }).setIntervalMining({ interval: seconds }),
    ),
  );
}

type Node = { name: string; chainId: number; port: number; timestamp?: number };

async function startNode(node: Node, lifecycle: Lifecycle, o: EngineOptions): Promise<string> {
  let rpcUrl = "";
  await lifecycle.add(`node ${node.name}`, async () => {
    const anvil = await startAnvil({
      chainId: node.chainId,
      port: node.port,
      timestamp: node.timestamp,
      stateFile: path.join(o.dataDir, "chains", `${node.name}.json`),
      onRepair: o.onRepair,
    });
    rpcUrl = anvil.rpcUrl;
    return () => anvil.stop();
  });
  return rpcUrl;
}
