/**
 * `npm test` runs everything: TypeScript, contracts, the demo, and the browser's where Chromium is found.
 * A file with engines or a browser that fails is tried once more, alone: docs/decisions/second-try.md.
 * `npm test -- e2e` runs the browser tests alone; any other argument goes to vitest: `npm test -- packages/oracle`.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./testing/run-command.ts";
import { runVitest } from "./testing/run-vitest.ts";
import { passedThen, secondTries } from "./testing/second-try.ts";

type Step = { name: string; command: readonly string[]; again?: Again };
/** Which files of a step may fail by chance, and how one of them is run alone. */
type Again = { mayDiffer(file: string): boolean; alone(file: string): readonly string[] };
type Outcome = {
  name: string;
  passed: boolean;
  seconds: number;
  findings: readonly string[];
  /** What passed only at the second try, and how it failed at the first. */
  second: readonly string[];
};

const root = path.resolve(import.meta.dirname, "..");
const node = process.execPath;
const VITEST = [node, "node_modules/vitest/vitest.mjs", "run"];
const BROWSER_CONFIG = "test/e2e/vitest.config.ts";
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FINDINGS_SHOWN = 12;

const typescript: Step = {
  name: "TypeScript: unit, database, chain",
  command: VITEST,
  again: {
    mayDiffer: (file) => /\.(db|chain)\.test\.ts$/.test(file),
    alone: (file) => [...VITEST, "--project", "engines", file],
  },
};
const contracts: Step = {
  name: "contracts: unit, fuzz, invariants",
  command: [node, "scripts/forge.ts", "test"],
};
const peers: Step = { name: "consumers of other oracles", command: [node, "scripts/test-peers.ts"] };
const demo: Step = { name: "demo", command: [node, "apps/ops/src/main.ts", "demo", "--json"] };
const VITEST_IN_BROWSER = [...VITEST, "--config", BROWSER_CONFIG];
const browser: Step = {
  name: "browser",
  command: VITEST_IN_BROWSER,
  again: { mayDiffer: () => true, alone: (file) => [...VITEST_IN_BROWSER, file] },
};

function chromium(): string | undefined {
  const said = process.env.CHROMIUM_PATH;
  return said ?? CHROMIUM.find((file) => existsSync(file));
}

/** Runs one step with its output shown as it comes, and after it the second tries. */
async function run({ name, command, again }: Step): Promise<Outcome> {
  heading(name);
  const began = performance.now();
  const findings: string[] = [];
  const outcome = again
    ? await runWithSecondTries(command, again, findings)
    : { passed: await runCommand(command, findings), second: [] };
  return { name, ...outcome, seconds: (performance.now() - began) / 1000, findings };
}

async function runWithSecondTries(
  command: readonly string[],
  { mayDiffer, alone }: Again,
  findings: string[],
): Promise<Pick<Outcome, "passed" | "second">> {
  const first = await runVitest(command, findings);
  const { files, none } = secondTries(first, mayDiffer);
  if (none !== undefined) console.log(`\nno second try: ${none}`);
  const second: string[] = [];
  let passed = first.passed || files.length > 0;
  for (const failed of files) {
    const file = path.relative(root, failed.file);
    heading(`second try, alone: ${file}`);
    if (passedThen(failed, await runVitest(alone(failed.file), findings)))
      second.push(`${file}: ${failed.tests.join("; ") || "a hook"} (at the first: ${failed.why})`);
    else passed = false;
  }
  return { passed, second };
}

const heading = (text: string): void =>
  console.log(`\n=== ${text} ${"=".repeat(Math.max(0, 76 - text.length))}\n`);

/** Who says which tests he wants is looking at them: he sees each failure as it is. */
const chosen = ({ name, command }: Step, args: readonly string[]): Step => ({
  name,
  command: [...command, ...args],
});

/** The steps in order. Each uses both cores by itself, so one after the other is as quick and easier to read. */
function plan(args: readonly string[]): { steps: Step[]; leftOut?: string } {
  const found = chromium();
  if (args[0] === "e2e") {
    if (!found)
      return { steps: [], leftOut: "no Chromium was found: install it, or set CHROMIUM_PATH to its program" };
    return { steps: [args.length === 1 ? browser : chosen(browser, args.slice(1))] };
  }
  if (args.length > 0) return { steps: [chosen(typescript, args)] };
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
for (const what of outcomes.flatMap(({ second }) => second))
  console.log(`\n!!! passed only at the second try: ${what}`);
if (failed > 0 || outcomes.length === 0) process.exitCode = 1;
