import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { OpsError } from "../ops-error.ts";
import { endProcess } from "../server/launch.ts";
import { waitFor } from "../waiting.ts";
import { type BenchPart, type Measurement, measurement } from "./measurement.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../..");
const PROGRAM = path.join(ROOT, "apps/server/src/main.ts");
const TARGET_SECONDS = 15;
const STOP_TARGET_SECONDS = 5;
const PATIENCE_SECONDS = 180;

/** From the launch of an installed tree until `/ready` says yes: everything embedded, an empty folder and then a used one. */
export const ready: BenchPart = {
  name: "ready",
  about: "time from launch to ready, and from Ctrl-C to gone",
  run: async (onStep) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
    try {
      onStep("one start to warm up: it builds the web app where that is missing");
      await startAndStop(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
      onStep("start with an empty data folder");
      const first = await startAndStop(dataDir);
      onStep("start on what the last one left");
      const again = await startAndStop(dataDir);
      return [
        seconds("ready.first_start", first.ready, TARGET_SECONDS, "target of the design"),
        seconds("ready.next_start", again.ready, TARGET_SECONDS, "target of the design"),
        seconds("ready.stop", Math.max(first.stop, again.stop), STOP_TARGET_SECONDS, "target of the design"),
      ];
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

const seconds = (name: string, value: number, reference: number, against: string): Measurement =>
  measurement({ name, value, unit: "s", reference, against, smallerIsBetter: true });

async function startAndStop(dataDir: string): Promise<{ ready: number; stop: number }> {
  const launched = performance.now();
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", PROGRAM, "--data-dir", dataDir, "--port", "0"],
    {
      cwd: ROOT,
      // Nothing of this shell's environment: it may name a database that is not ours to fill.
      env: {
        PATH: [path.dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(path.delimiter),
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const said = listen(child);
  try {
    const url = await waitFor("the address", () => Promise.resolve(/http:\/\/\S+/.exec(said())?.[0]), {
      seconds: PATIENCE_SECONDS,
      saw: said,
      everyMs: 10,
    });
    await waitFor("/ready", async () => ((await fetch(`${url}/ready`)).ok ? true : undefined), {
      seconds: PATIENCE_SECONDS,
      saw: said,
      everyMs: 10,
    });
    const readyAt = performance.now();
    const stopping = performance.now();
    await endProcess(child, "SIGINT");
    if (child.exitCode !== 0)
      throw OpsError.child_failed({ what: "the server", code: String(child.exitCode), said: said() });
    return { ready: (readyAt - launched) / 1_000, stop: (performance.now() - stopping) / 1_000 };
  } finally {
    await endProcess(child, "SIGKILL");
  }
}

function listen(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  return () => said;
}
