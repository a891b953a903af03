import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

const root = path.resolve(import.meta.dirname, "../..");

// The system ends the steps when this process is killed; where it cannot, they end with the terminal.
const LEASH = ["setpriv", "--pdeathsig", "TERM", "--"];
const leash =
  spawnSync("setpriv", [...LEASH.slice(1), "true"], { stdio: "ignore" }).status === 0 ? LEASH : [];

/** The lines by which vitest, forge and the demo say what failed: told again at the end, where they are looked for. */
const FINDING = /^\s*(FAIL\s|\[FAIL|[A-Za-z]*Error:|failed:)/;

/** Passes a command's output on as it comes, and keeps the lines that say what failed. */
function listen(from: Readable, to: NodeJS.WriteStream, findings: string[]): void {
  from.on("data", (chunk: Buffer) => to.write(chunk));
  createInterface({ input: from }).on("line", (line) => {
    const plain = stripVTControlCharacters(line);
    if (FINDING.test(plain)) findings.push(plain.trim().slice(0, 200));
  });
}

/** Runs a command in the root with its output shown as it comes; whether it ended well. Lines that say what failed go to `findings`. */
export function runCommand(command: readonly string[], findings: string[]): Promise<boolean> {
  return new Promise<boolean>((resolve, reject) => {
    const [program = "", ...args] = [...leash, ...command];
    const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: "1" } : process.env;
    const child = spawn(program, args, { cwd: root, env, stdio: ["inherit", "pipe", "pipe"] });
    listen(child.stdout, process.stdout, findings);
    listen(child.stderr, process.stderr, findings);
    const stop = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const each of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeListener(each, stop);
      // Stopped from outside: the steps that would follow are not wanted either.
      if (signal === "SIGINT" || signal === "SIGTERM" || signal === "SIGHUP") process.exit(130);
      resolve(code === 0);
    });
  });
}
