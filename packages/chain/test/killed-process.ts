import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** Runs a file of this folder; it is up when this resolves, and lives until `kill`, which does not warn it. */
export async function startProcess(
  file: string,
  args: readonly string[],
): Promise<{ kill(): Promise<void>; output(): string }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const gone = once(child, "close");
  const up = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("up\n")) resolve();
    });
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("close", () => reject(new Error(`${file} ended: ${output}`)));
  });
  await up;
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
    output: () => output,
  };
}
