import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keptPort } from "@sooth/runtime";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 20_000;
/** Chain time that the keeper waits, so that the winner finds something to claim. */
export const KEEPER_GRACE_SECONDS = 900;
const ENGINES = ["hub", "rollupA", "rollupB", "postgres", "exchangeA", "exchangeB", "exchangeC", "beacon"];

export type RunningStack = {
  url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops for good and removes what it wrote. */
  remove(): Promise<void>;
};

/** `npm start` as a user types it, with a data folder, a port and, where wanted, settings of its own. */
export async function startStack(settings: Readonly<Record<string, string>> = {}): Promise<RunningStack> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-e2e-"));
  const port = await keptPort();
  // The usual ports may be a running `npm start`'s; a data folder that names its own keeps clear of them.
  const ports = await Promise.all(ENGINES.map(async (engine) => [engine, await keptPort()]));
  writeFileSync(path.join(dataDir, "ports.json"), JSON.stringify(Object.fromEntries(ports)));
  let child: ChildProcess | undefined;
  const start = async () => {
    child = await launch(dataDir, port, settings);
  };
  const stop = async () => {
    if (child) await end(child);
    child = undefined;
  };
  const remove = async () => {
    try {
      await stop();
    } finally {
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, start, stop, remove };
}

function launch(
  dataDir: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/launch.mjs", "apps/server/src/main.ts"], {
      cwd: ROOT,
      env: {
        ...process.env,
        SOOTH_DATA_DIR: dataDir,
        SOOTH_PORT: String(port),
        MARKETS_KEEPER_GRACE_SECONDS: String(KEEPER_GRACE_SECONDS),
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`not ready after ${READY_WITHIN_MS} ms:\n${said.slice(-4_000)}`));
    }, READY_WITHIN_MS);
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => {
        said += text.toString();
        if (!said.includes("Sooth is ready")) return;
        clearTimeout(timer);
        resolve(child);
      });
    child.on("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code} before it was ready:\n${said.slice(-4_000)}`));
    });
  });
}

/** A line as a user types it into a terminal, in the project's folder. What it said ends with "ended" when it has. */
export function runLine(line: string, env: Record<string, string>) {
  let said = "";
  const child = spawn("sh", ["-c", `exec ${line}`], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, as a terminal gives it: npm and all below it hear the signal.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  child.on("exit", (code) => (said += `\nended with ${code}`));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, "exit");
    process.kill(-child.pid, "SIGINT");
    await ended;
  };
  return { said: () => said, stop };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null) {
      resolve();
      return;
    }
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`did not stop within ${STOP_WITHIN_MS} ms`));
    }, STOP_WITHIN_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGINT");
  });
}
