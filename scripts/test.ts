/**
 * `npm test` runs everything: TypeScript, contracts, the demo, and the browser's where Chromium is found.
 * `npm test -- e2e` runs the browser tests alone; any other argument goes to vitest: `npm test -- packages/oracle`.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";

type Step = { name: string; command: readonly string[] };
type Outcome = { name: string; passed: boolean; seconds: number; findings: readonly string[] };

const root = path.resolve(import.meta.dirname, "..");
const node = process.execPath;
const VITEST = [node, "node_modules/vitest/vitest.mjs", "run"];
const BROWSER_CONFIG = "test/e2e/vitest.config.ts";
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const typescript: Step = { name: "TypeScript: unit, database, chain", command: VITEST };
const contracts: Step = {
  name: "contracts: unit, fuzz, invariants",
  command: [node, "scripts/forge.ts", "test"],
};
const peers: Step = { name: "consumers of other oracles", command: [node, "scripts/test-peers.ts"] };
const demo: Step = { name: "demo", command: [node, "apps/ops/src/main.ts", "demo", "--json"] };
const browser: Step = { name: "browser", command: [...VITEST, "--config", BROWSER_CONFIG] };

// The system ends the steps when this process is killed; where it cannot, they end with the terminal.
const LEASH = ["setpriv", "--pdeathsig", "TERM", "--"];
const leash =
  spawnSync("setpriv", [...LEASH.slice(1), "true"], { stdio: "ignore" }).status === 0 ? LEASH : [];

function chromium(): string | undefined {
  const said = process.env.CHROMIUM_PATH;
  return said ?? CHROMIUM.find((file) => existsSync(file));
}

/** The lines by which vitest, forge and the demo say what failed: told again at the end, where they are looked for. */
const FINDING = /^\s*(FAIL\s|\[FAIL|[A-Za-z]*Error:|failed:)/;
const FINDINGS_SHOWN = 12;

/** Passes a step's output on as it comes, and keeps the lines that say what failed. */
function listen(from: Readable, to: NodeJS.WriteStream, findings: string[]): void {
  from.on("data", (chunk: Buffer) => to.write(chunk));
  createInterface({ input: from }).on("line", (line) => {
    const plain = stripVTControlCharacters(line);
    if (FINDING.test(plain)) findings.push(plain.trim().slice(0, 200));
  });
}

/** Runs one step with its output shown as it comes. */
async function run({ name, command }: Step): Promise<Outcome> {
  heading(name);
  const began = performance.now();
  const findings: string[] = [];
  const passed = await new Promise<boolean>((resolve, reject) => {
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
  return { name, passed, seconds: (performance.now() - began) / 1000, findings };
}

const heading = (text: string): void =>
  console.log(`\n=== ${text} ${"=".repeat(Math.max(0, 76 - text.length))}\n`);

/** The steps in order. Each uses both cores by itself, so one after the other is as quick and easier to read. */
function plan(args: readonly string[]): { steps: Step[]; leftOut?: string } {
  const found = chromium();
  if (args[0] === "e2e") {
    if (!found)
      return { steps: [], leftOut: "no Chromium was found: install it, or set CHROMIUM_PATH to its program" };
    return { steps: [{ ...browser, command: [...browser.command, ...args.slice(1)] }] };
  }
  if (args.length > 0) return { steps: [{ ...typescript, command: [...VITEST, ...args] }] };
  const steps = [typescript, contracts, peers, demo];
  if (found) return { steps: [...steps, browser] };
  return {
    steps,
    leftOut: "browser tests were left out: no Chromium was found (install it, or set CHROMIUM_PATH)",
  };
}

const args = process.argv.slice(2);
const { steps, leftOut } = plan(args);
const outcomes: Outcome[] = [];
for (const step of steps) outcomes.push(await run(step));

heading("result");
for (const { name, passed, seconds, findings } of outcomes) {
  console.log(`${passed ? "passed" : "FAILED"}  ${name} (${seconds.toFixed(0)} s)`);
  if (!passed) for (const finding of findings.slice(0, FINDINGS_SHOWN)) console.log(`        ${finding}`);
}
if (leftOut) console.log(leftOut);
// Where everything must run, a suite that did not run has not passed.
if (leftOut && process.env.CI) process.exitCode = 1;
const failed = outcomes.filter(({ passed }) => !passed).length;
console.log(`${outcomes.length - failed} passed, ${failed} failed`);
if (failed > 0 || outcomes.length === 0) process.exitCode = 1;
