import { chainById, openChain, type Addresses, type Chain } from "@sooth/chain";
import type { Logger } from "@sooth/runtime";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text as `0x${string}`);
const deploymentFile = z.object({
  chainId: z.number(),
  addresses: z.object({
    stakeManager: address,
    oracle: address,
    markets: address,
    opinions: address,
    outcomeTokens: address,
    committee: address.optional(),
    beacon: address,
    wiring: address,
    timelock: address,
    policy: address,
    guard: address,
    slasher: address,
    ladder: address,
    court: address,
    feeds: address,
    gateway: address,
    assertions: address,
    attesters: address,
    settler: address,
    escrow: address,
    bundleHub: address,
    orders: address,
    hashLocks: address,
    bundleResolver: address,
    messageGateway: address,
    epochs: address,
    collateral: address,
  }),
  startBlock: z.number().default(0),
});

export type Network = {
  hub: Chain;
  rollups: Chain[];
  addresses: Addresses;
  startBlock: number;
  /** First block that can hold a log of ours, by the id of the chain; a rollup of which no deployment is known has none. */
  rollupStarts: ReadonlyMap<number, number>;
};

/**
 * Opens the chains that the configuration names and reads the hub's addresses.
 * @param told addresses of a local hub, in place of the deployment file
 * @throws server.no_deployment
 */
export function openNetwork(config: ServerConfig, log: Logger, told?: Addresses): Network {
  const hub = openChain({
    definition: chainById(config.HUB_CHAIN_ID),
    rpcUrls: config.HUB_RPC_URLS,
    log,
  });
  const rollups = parseRollups(config.ROLLUPS).map(({ chainId, rpcUrls }) =>
    openChain({ definition: chainById(chainId), rpcUrls, log }),
  );
  const { addresses, startBlock } = told ? { addresses: told, startBlock: 0 } : readDeployment(config);
  const rollupStarts = new Map(rollups.flatMap(({ definition: { id } }) => startOf(id)));
  return { hub, rollups, addresses, startBlock, rollupStarts };
}

/** What `deployments/<chainId>.json` says of a rollup: our contracts stand at the same addresses everywhere. */
function startOf(chainId: number): [number, number][] {
  const file = path.join("deployments", `${chainId}.json`);
  if (!existsSync(file)) return [];
  return [[chainId, deploymentFile.parse(JSON.parse(readFileSync(file, "utf8"))).startBlock]];
}

function readDeployment(config: ServerConfig): { addresses: Addresses; startBlock: number } {
  const chainId = config.HUB_CHAIN_ID;
  const file = config.DEPLOYMENT_FILE ?? path.join("deployments", `${chainId}.json`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw ServerError.no_deployment({ file, chainId }, { cause });
  }
  const parsed = deploymentFile.parse(JSON.parse(text));
  return { addresses: parsed.addresses, startBlock: config.HUB_START_BLOCK ?? parsed.startBlock };
}

/** `31338=http://a|http://b,31339=http://c` */
export function parseRollups(entries: readonly string[]): { chainId: number; rpcUrls: string[] }[] {
  return entries.map((entry) => {
    const [id, urls] = [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)];
    if (!/^\d+$/.test(id)) throw ServerError.bad_arguments({ what: "ROLLUPS wants chainId=rpcUrl" });
    return { chainId: Number(id), rpcUrls: urls.split("|") };
  });
}
