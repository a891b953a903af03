import type { Stack } from "@sooth/server";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { OpsError } from "../ops-error.ts";
import { waitFor } from "../waiting.ts";

const PROGRAM = path.join(import.meta.dirname, "process.ts");
const READY_SECONDS = 180;
const STOP_MS = 10_000;

export type ServerSettings = { env: Record<string, string>; url: string };

/** Settings of a server in a process of its own, on the engines and the deployment of `stack`. */
export function serverOn(stack: Stack, o: { dataDir: string; port: number; roles: string }): ServerSettings {
  const { addresses, startBlock, config } = stack;
  const deployment = path.join(o.dataDir, "deployment.json");
  writeFileSync(deployment, JSON.stringify({ chainId: config.HUB_CHAIN_ID, addresses, startBlock }));
  return {
    url: `http://127.0.0.1:${o.port}`,
    env: {
      DATABASE_URL: config.DATABASE_URL ?? "",
      HUB_RPC_URLS: config.HUB_RPC_URLS.join(","),
      DEPLOYMENT_FILE: deployment,
      SOOTH_DATA_DIR: path.join(o.dataDir, "server"),
      SOOTH_PORT: String(o.port),
      SOOTH_ROLES: o.roles,
      // Many clients behind one address are no attack here.
      HTTP_RATE_MAX: "1000000000",
    },
  };
}

/** Starts it and waits until it is ready. @throws ops.not_in_time, ops.child_failed where it ended, with what it said */
export async function launchServer({ env, url }: ServerSettings): Promise<ChildProcess> {
  const { child, said, lost } = spawnProcess("the server", env);
  await waitFor(
    "the server to be ready",
    async () => {
      const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) });
      return answer.ok ? true : undefined;
    },
    { seconds: READY_SECONDS, saw: said, lost },
  );
  return child;
}

/** Starts those of a laptop's providers in a process that serves nothing, and waits until they run. Throws as {@link launchServer}. */
export async function launchProviders(
  env: Record<string, string>,
  providers: readonly number[],
): Promise<ChildProcess> {
  const { child, said, lost } = spawnProcess("the process of the providers", env, providers.join(","));
  let started = false;
  child.once("message", () => (started = true));
  await waitFor("the providers to run", async () => started || undefined, {
    seconds: READY_SECONDS,
    saw: said,
    lost,
  });
  return child;
}

function spawnProcess(what: string, env: Record<string, string>, ...more: string[]) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM, ...more], {
    env,
    // The channel ends with us, and the child ends with the channel.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  /** What has ended does not get ready. */
  const lost = () => {
    const code = child.exitCode ?? child.signalCode;
    return code === null ? undefined : OpsError.child_failed({ what, code: String(code), said });
  };
  return { child, said: () => said, lost };
}

/** Ends a process of ours and waits until it is gone; one that does not go in time is killed. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(late);
}
