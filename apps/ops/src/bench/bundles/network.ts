import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keptPort } from "@sooth/runtime";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { keccak256, stringToHex } from "viem";
import { startBlindDesk } from "./blind-desk.ts";
import { type Role, startRole } from "./role.ts";

/** Chains, contracts and a database. Who signs and who brings legs is started apart. */
export type BundlesNetwork = {
  stack: Stack;
  /** An API and four attesters, in processes of their own, who sign what they see. */
  startAttesters(): Promise<Signing>;
  /** Nobody but keys of a quorum, in this process, which sign what they are asked. */
  startBlind(): Promise<Signing>;
  startBundler(signing: Signing): Promise<Role>;
};

/** Where facts are signed, and the processes that this takes. */
export type Signing = { url: string; roles: Readonly<Record<string, Role>>; stop(): Promise<void> };

/** Each of them has room for 16 transactions on each chain at once. */
const BUNDLER_KEYS = Array.from({ length: 4 }, (_, index) =>
  keccak256(stringToHex(`bench bundler ${index}`)),
);
/** Of a local node, so that it is Node's work and not a block's room that is measured; large rollups have 100 to 400 million. */
const BLOCK_GAS = 1_000_000_000;

export async function onBundlesNetwork<T>(measure: (network: BundlesNetwork) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
  const stack = await startStack({
    config: loadConfig({
      SOOTH_DATA_DIR: path.join(dataDir, "stack"),
      SOOTH_ROLES: "relayer",
      BUNDLER_KEYS: BUNDLER_KEYS.join(","),
      LOG_LEVEL: "error",
    }),
    freePorts: true,
    durable: false,
    exchanges: false,
  });
  // The last first: what listens to another ends before it.
  const ends: (() => Promise<void>)[] = [];
  try {
    for (const { client } of [stack.hub, ...stack.rollups])
      await client.request({ method: "evm_setBlockGasLimit" as never, params: [BLOCK_GAS] as never });
    writeDeployments(stack, dataDir);
    const start = async (what: string, role: string, more: Record<string, string>) => {
      const env = { ...settingsOf(stack, path.join(dataDir, role)), SOOTH_ROLES: role, ...more };
      const started = await startRole(what, env, dataDir);
      ends.unshift(started.stop);
      return started;
    };
    return await measure({
      stack,
      startAttesters: async () => {
        const port = await keptPort();
        const url = `http://127.0.0.1:${port}`;
        const api = await start("the API", "api", { SOOTH_PORT: String(port) });
        const attesters = await start("four attesters", "provider", { PROVIDER_API_URL: url });
        const stop = async () => {
          await attesters.stop();
          await api.stop();
        };
        return { url, roles: { four_attesters: attesters, api }, stop };
      },
      startBlind: async () => {
        const { url, stop } = await startBlindDesk(stack);
        ends.unshift(stop);
        return { url, roles: {}, stop };
      },
      startBundler: ({ url }) =>
        start("a bundler", "bundler", { PROVIDER_API_URL: url, BUNDLER_KEYS: BUNDLER_KEYS.join(",") }),
    });
  } finally {
    for (const end of ends) await end();
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** What a role finds when it looks for the deployment of each chain. */
function writeDeployments({ hub, rollups, addresses, startBlock }: Stack, folder: string): void {
  mkdirSync(path.join(folder, "deployments"));
  for (const { definition } of [hub, ...rollups])
    writeFileSync(
      path.join(folder, "deployments", `${definition.id}.json`),
      JSON.stringify({ chainId: definition.id, addresses, startBlock }),
    );
}

const settingsOf = ({ config, hub }: Stack, dataDir: string): Record<string, string> => ({
  DATABASE_URL: config.DATABASE_URL ?? "",
  HUB_RPC_URLS: config.HUB_RPC_URLS.join(","),
  ROLLUPS: config.ROLLUPS.join(","),
  BEACON_URLS: config.BEACON_URLS.join(","),
  DEPLOYMENT_FILE: path.join("deployments", `${hub.definition.id}.json`),
  SOOTH_DATA_DIR: dataDir,
  // Many clients behind one address are no attack here.
  HTTP_RATE_MAX: "1000000000",
});
