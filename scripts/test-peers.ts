/**
 * Runs consumers that were written for other oracles against ours: contracts/peers. Their published packages are large
 * and needed by nothing else, so they are installed here, from a lock file of their own, the first time.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { contractsFolder, forge } from "./forge.ts";

const peers = path.join(contractsFolder, "peers");

/** What npm installed is as the lock file wants it when its own copy of the lock names the same packages. */
function isInstalled(): boolean {
  const installed = path.join(peers, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return false;
  return packagesOf(installed) === packagesOf(path.join(peers, "package-lock.json"));
}

type Lock = { packages: Record<string, { version?: string }> };
const packagesOf = (lockFile: string): string =>
  Object.entries((JSON.parse(readFileSync(lockFile, "utf8")) as Lock).packages)
    .filter(([name]) => name !== "")
    .map(([name, { version }]) => `${name}@${version}`)
    .join();

function install(): void {
  console.log("installing the published packages of other oracles");
  const { status, error } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: peers,
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) throw new Error("npm ci failed in contracts/peers; its output stands above");
}

function buildCoordinator(): void {
  const { status, error } = spawnSync(process.execPath, ["build-coordinator.mjs"], {
    cwd: peers,
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) throw new Error("Chainlink's coordinator could not be built; the output stands above");
}

if (!isInstalled()) install();
buildCoordinator();
process.exitCode = forge(["test"], { env: { FOUNDRY_PROFILE: "peers" } }).status;
