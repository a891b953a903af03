import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ServerError } from "../errors.ts";

/** The folders whose change makes another web app; `client` and the slices' cores are bundled into it. */
const SOURCES = [
  "apps/web",
  "packages/client/src",
  "packages/kernel/src",
  "packages/sessions/src/core",
  "packages/oracle/src/core",
  "packages/markets/src/core",
  "packages/randomness/src/core",
  "packages/abi/src",
];

/**
 * Builds the web app when its sources are not those of the last build. Two starts at once build twice, to the same files.
 * @returns the folder to serve.
 * @throws server.web_build_failed
 */
export async function buildWeb(root: string, onStep: (text: string) => void): Promise<string> {
  const folder = path.join(root, "apps/web/dist");
  const stampFile = path.join(root, "node_modules/.sooth-web-stamp");
  const stamp = hashOf(root);
  if (existsSync(path.join(folder, "index.html")) && readStamp(stampFile) === stamp) return folder;
  onStep("building the web app");
  await runVite(root);
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  return folder;
}

function runVite(root: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = spawn(
      process.execPath,
      [path.join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "error"],
      {
        cwd: path.join(root, "apps/web"),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let said = "";
    for (const stream of [vite.stdout, vite.stderr])
      stream.on("data", (text: Buffer) => (said += text.toString()));
    vite.on("error", (cause) => reject(ServerError.web_build_failed({ reason: cause.message }, { cause })));
    vite.on("exit", (code) =>
      code === 0
        ? resolve()
        : reject(ServerError.web_build_failed({ reason: said.trim().slice(-2_000) || `exit code ${code}` })),
    );
  });
}

function hashOf(root: string): string {
  const hash = createHash("sha256");
  for (const folder of SOURCES)
    for (const file of readdirSync(path.join(root, folder), {
      recursive: true,
      encoding: "utf8",
    }).toSorted()) {
      if (/^(dist|node_modules|test)(\/|$)/.test(file) || !/\.\w+$/.test(file)) continue;
      hash.update(file).update(readFileSync(path.join(root, folder, file)));
    }
  return hash.digest("hex");
}

const readStamp = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, "utf8") : undefined;
