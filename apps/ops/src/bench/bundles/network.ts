import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keptPort } from "@sooth/runtime";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { keccak256, stringToHex } from "viem";
import { type Role, startRole } from "./role.ts";

/** Chains, contracts and a database, an API and four attesters in processes of their own; the bundler is started apart. */
export type BundlesNetwork = {
  stack: Stack;
  api: Role;
  attesters: Role;
  startBundler(): Promise<Role>;
};

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
  const roles: Role[] = [];
  try {
    for (const { client } of [stack.hub, ...stack.rollups])
      await client.request({ method: "evm_setBlockGasLimit" as never, params: [BLOCK_GAS] as never });
    const port = await keptPort();
    const start = async (what: string, role: string, more: Record<string, string> = {}) => {
      const env = { ...settingsOf(stack, path.join(dataDir, role)), SOOTH_ROLES: role, ...more };
      const started = await startRole(what, env, dataDir);
      roles.push(started);
      return started;
    };
    writeDeployments(stack, dataDir);
    const apiUrl = { PROVIDER_API_URL: `http://127.0.0.1:${port}` };
    const api = await start("the API", "api", { SOOTH_PORT: String(port) });
    const attesters = await start("four attesters", "provider", apiUrl);
    const startBundler = () =>
      start("a bundler", "bundler", { ...apiUrl, BUNDLER_KEYS: BUNDLER_KEYS.join(",") });
    return await measure({ stack, api, attesters, startBundler });
  } finally {
    for (const role of roles.toReversed()) await role.stop();
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
