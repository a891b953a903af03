import { startAnvil } from "@sooth/chain/local-node";
import type { Lifecycle } from "@sooth/runtime";
import { startEmbeddedPostgres } from "@sooth/store/embedded";
import path from "node:path";
import type { ServerConfig } from "../config.ts";
import type { Ports } from "./ports.ts";

export type EngineOptions = {
  dataDir: string;
  ports: Ports;
  /** Seconds between blocks; undefined mines on each transaction. */
  blockSeconds: number | undefined;
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
    config.HUB_RPC_URLS.length === 0 ? startNodes(config, lifecycle, options) : {},
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

async function startNodes(
  config: ServerConfig,
  lifecycle: Lifecycle,
  o: EngineOptions,
): Promise<Pick<ServerConfig, "HUB_RPC_URLS" | "ROLLUPS">> {
  o.onStep("starting three EVM nodes: the hub and two rollups");
  const nodes = [
    { name: "hub", chainId: 31_337, port: o.ports.hub, timestamp: o.hubTimestamp },
    { name: "rollup-a", chainId: 31_338, port: o.ports.rollupA, timestamp: undefined },
    { name: "rollup-b", chainId: 31_339, port: o.ports.rollupB, timestamp: undefined },
  ];
  const urls = await Promise.all(
    nodes.map(async ({ name, chainId, port, timestamp }) => {
      let rpcUrl = "";
      await lifecycle.add(`node ${name}`, async () => {
        const node = await startAnvil({
          chainId,
          port,
          blockSeconds: o.blockSeconds,
          timestamp,
          stateFile: path.join(o.dataDir, "chains", `${name}.json`),
          onRepair: o.onRepair,
        });
        rpcUrl = node.rpcUrl;
        return () => node.stop();
      });
      return { chainId, rpcUrl };
    }),
  );
  const [hub, ...rollups] = urls;
  return {
    HUB_RPC_URLS: hub ? [hub.rpcUrl] : [],
    ROLLUPS:
      config.ROLLUPS.length > 0
        ? config.ROLLUPS
        : rollups.map(({ chainId, rpcUrl }) => `${chainId}=${rpcUrl}`),
  };
}
