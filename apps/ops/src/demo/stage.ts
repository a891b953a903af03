import type { Addresses } from "@sooth/chain";
import { at } from "@sooth/kernel";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onInterrupt } from "../cli/interrupt.ts";
import { keptPort } from "@sooth/runtime";
import { launchProviders, launchServer, serverOn } from "../server/launch.ts";
import { type KilledServer, startKilledServer } from "./killed-server.ts";
import type { Random } from "./random.ts";

/** A throwaway network: engines, contracts, server and providers, in a folder that is gone afterwards. */
export type Stage = {
  apiUrl: string;
  rpcUrl: string;
  chainId: number;
  addresses: Addresses;
  startBlock: number;
  /** Present when the server runs in a process of its own, as providers may, and is killed now and then. */
  killed: KilledServer | undefined;
  stop(): Promise<void>;
};

export type StageOptions = {
  hubTimestamp: number;
  allowedOrigins: readonly string[];
  /** What runs in a process of its own, so that it can be killed, or has a processor for itself. */
  apart: readonly ("server" | "providers")[];
  /** How often to kill one of those. */
  kills: number;
  /** How many moments of the story are offered for that. */
  checkpoints: number;
  random: Random;
  onStep(text: string): void;
};

/** Four providers have staked; the last of them never answers. */
const RUNNING_PROVIDERS = [0, 1, 2];

export async function openStage(o: StageOptions): Promise<Stage> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-demo-"));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  let stack: Stack | undefined;
  try {
    const isApart = o.apart.includes("server");
    const port = isApart ? await keptPort() : 0;
    stack = await startEngines(o, dataDir, port);
    const killed = isApart ? await startServer(o, stack, dataDir, port) : undefined;
    return stageOf(stack, killed, remove);
  } catch (error) {
    await stack?.stop();
    remove();
    throw error;
  }
}

/** Everything in this process, but what runs apart. */
function startEngines(o: StageOptions, dataDir: string, serverPort: number): Promise<Stack> {
  const apart = { SOOTH_ROLES: "provider", PROVIDER_API_URL: `http://127.0.0.1:${serverPort}` };
  return startStack({
    // From these settings alone: a demo must not touch the database that this shell's environment names.
    config: loadConfig({
      SOOTH_DATA_DIR: path.join(dataDir, "stack"),
      SOOTH_PORT: "0",
      // Thirty traders behind one address are no attack.
      HTTP_RATE_MAX: "1000000",
      PROVIDER_ALLOWED_ORIGINS: o.allowedOrigins.join(","),
      ...(serverPort > 0 ? apart : {}),
    }),
    freePorts: true,
    durable: false,
    blockSeconds: 1,
    hubTimestamp: o.hubTimestamp,
    exchanges: false,
    providers: o.apart.includes("providers") ? [] : RUNNING_PROVIDERS,
    onStep: o.onStep,
  });
}

function startServer(o: StageOptions, stack: Stack, dataDir: string, port: number): Promise<KilledServer> {
  // Who is killed must not take the beacon along.
  const shared = { BEACON_URLS: stack.config.BEACON_URLS.join(",") };
  const server = serverOn(stack, { dataDir, port, roles: "api,worker,relayer" });
  const node = serverOn(stack, { dataDir, port, roles: "provider" });
  const env = {
    ...node.env,
    ...shared,
    SOOTH_DATA_DIR: path.join(dataDir, "providers"),
    PROVIDER_API_URL: server.url,
    PROVIDER_ALLOWED_ORIGINS: o.allowedOrigins.join(","),
  };
  const victims = [
    {
      name: "the server",
      launch: () => launchServer({ ...server, env: { ...server.env, ...shared } }),
    },
    { name: "the process of the providers", launch: () => launchProviders(env, RUNNING_PROVIDERS) },
  ];
  return startKilledServer({ ...o, victims: o.apart.includes("providers") ? victims : victims.slice(0, 1) });
}

function stageOf(stack: Stack, killed: KilledServer | undefined, remove: () => void): Stage {
  const stop = async () => {
    await killed?.stop();
    await stack.stop();
    remove();
  };
  const finished = onInterrupt(stop);
  return {
    apiUrl: stack.url,
    rpcUrl: at(stack.config.HUB_RPC_URLS, 0),
    chainId: stack.config.HUB_CHAIN_ID,
    addresses: stack.addresses,
    startBlock: stack.startBlock,
    killed,
    stop: async () => {
      finished();
      await stop();
    },
  };
}
