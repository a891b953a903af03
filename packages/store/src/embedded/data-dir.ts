import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chown, mkdir, readFile, readdir, realpath, rename, rm, rmdir, writeFile } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../store-error.ts";
import type { Unprivileged } from "./unprivileged.ts";

export const POSTGRES_USER = "sooth";
// Inside the data folder, so that folder and password can only be moved or lost together.
const PASSWORD_FILE = "sooth-password";
const ATTEMPTS = 40;

/**
 * Holds `dataDir` for this process. An abstract socket is a lock that the kernel lets go however the process ends, so
 * nothing is left to clean up. @throws store.folder_in_use
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  await mkdir(path.dirname(dataDir), { recursive: true }).catch((error: unknown) =>
    throwDenied(dataDir, error),
  );
  const place = path.join(await realpath(path.dirname(dataDir)), path.basename(dataDir));
  const address = `\0sooth-${createHash("sha256").update(place).digest("hex").slice(0, 32)}`;
  for (let attempt = 1; ; attempt++) {
    const server = await listenOn(address);
    if (server) return () => new Promise((resolve) => server.close(() => resolve()));
    const pid = await askHolder(address);
    // No answer: the holder is just ending.
    if (pid > 0 || attempt === ATTEMPTS) throw StoreError.folder_in_use({ dataDir, pid });
    await sleep(50);
  }
}

function listenOn(address: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.end(String(process.pid)));
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
    server.unref();
  });
}

/** Process id of the holder; 0 when it ended while we asked. */
function askHolder(address: string): Promise<number> {
  return new Promise((resolve) => {
    let answer = "";
    net
      .connect(address)
      .on("data", (chunk) => (answer += chunk.toString()))
      .on("error", () => resolve(0))
      .on("close", () => resolve(Number(answer)));
  });
}

/** Makes `dataDir` a database when it is missing or empty. Returns its password. @throws store.data_corrupt, store.disk_full */
export async function prepareDataDir(o: {
  dataDir: string;
  binaries: string;
  as: Unprivileged;
  durable: boolean;
}): Promise<string> {
  const found = await readdir(o.dataDir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR")
      throw StoreError.data_corrupt({ dataDir: o.dataDir, found: "it is a file" });
    return throwDenied(o.dataDir, error);
  });
  if (found.length === 0) await initialise(o);
  else if (!found.includes("PG_VERSION"))
    throw StoreError.data_corrupt({ dataDir: o.dataDir, found: "it has no PG_VERSION" });
  return readFile(path.join(o.dataDir, PASSWORD_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT")
      throw StoreError.data_corrupt({ dataDir: o.dataDir, found: `it has no ${PASSWORD_FILE}` });
    return throwDenied(o.dataDir, error);
  });
}

// Built beside its place and renamed into it: a run killed half-way leaves nothing that looks like a database.
async function initialise(o: {
  dataDir: string;
  binaries: string;
  as: Unprivileged;
  durable: boolean;
}): Promise<void> {
  const { dataDir, as } = o;
  const building = `${dataDir}.new`;
  const password = `${building}-password`;
  try {
    await rm(building, { recursive: true, force: true });
    await mkdir(building, { recursive: true, mode: 0o700 });
    await writeFile(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
    if (as.owner)
      await Promise.all(
        [building, password].map((file) => chown(file, as.owner?.uid ?? 0, as.owner?.gid ?? 0)),
      );
    const command = [...as.prefix, path.join(o.binaries, "initdb"), "-D", building, "-U", POSTGRES_USER];
    // The builtin C.UTF-8 sorts by code point on every machine, yet knows upper and lower case beyond ASCII.
    command.push("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
    // One call for the file system instead of one per file: half the time of a first start, and as safe.
    command.push(
      "--auth=scram-sha-256",
      `--pwfile=${password}`,
      o.durable ? "--sync-method=syncfs" : "--no-sync",
    );
    const { code, output } = await run(command);
    if (code !== 0) throw failure(dataDir, output);
    await rename(password, path.join(building, PASSWORD_FILE));
    await rmdir(dataDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rename(building, dataDir);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    await rm(password, { force: true });
    return throwDenied(dataDir, error);
  }
}

/** Runs to its end; the output is what it wrote to either stream. */
function run(command: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** The row that fits what Postgres wrote before it gave up. */
export function failure(dataDir: string, output: string): Error {
  const found =
    output
      .split("\n")
      .findLast((line) => /FATAL|PANIC|error:|could not/.test(line))
      ?.replace(/^.*?(?:FATAL|PANIC|error):\s*/, "")
      .trim() ??
    (output.trim().split("\n").at(-1) || "it said nothing");
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(output))
    return StoreError.disk_full({ dataDir });
  if (/error while loading shared libraries/.test(output)) return StoreError.start_failed({ found });
  if (/Permission denied|Read-only file system|wrong ownership|invalid permissions/.test(output))
    return StoreError.folder_denied({ dataDir, found });
  return StoreError.data_corrupt({ dataDir, found });
}

/** The file system's refusals as rows; anything else as it came. */
function throwDenied(dataDir: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") throw StoreError.disk_full({ dataDir }, { cause: error });
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR")
    throw StoreError.folder_denied({ dataDir, found: code }, { cause: error });
  throw error;
}
