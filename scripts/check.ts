/** Everything that can be said about the sources without running them. All checks run; one that fails fails the whole. */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = (name: string): string => path.join(root, "node_modules/.bin", name);

const CHECKS: readonly { name: string; command: string; args: readonly string[] }[] = [
  { name: "format (oxfmt)", command: bin("oxfmt"), args: ["--check"] },
  { name: "lint (oxlint, with types)", command: bin("oxlint"), args: ["--type-aware"] },
  { name: "types (tsc)", command: bin("tsc"), args: ["--noEmit", "-p", "tsconfig.json"] },
  {
    name: "architecture: who may import whom",
    command: bin("vitest"),
    args: ["run", "--project", "unit", "test/architecture.test.ts"],
  },
  {
    name: "generated files are up to date",
    command: process.execPath,
    args: [path.join(root, "scripts/gen.ts"), "--check"],
  },
  {
    name: "every language says everything (lingui)",
    command: bin("lingui"),
    args: [
      "check",
      "missing",
      "--mode",
      "catalog",
      "--verbose",
      "--workers",
      "1",
      "--config",
      path.join(root, "apps/web/lingui.config.ts"),
    ],
  },
  { name: "nothing unused (knip)", command: bin("knip"), args: [] },
];

const failed = CHECKS.filter(({ name, command, args }) => {
  console.log(`\n== ${name}`);
  const began = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  console.log(`${status === 0 ? "ok" : "FAILED"} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return status !== 0;
});

console.log(
  failed.length === 0 ? "\nall checks passed" : `\nfailed: ${failed.map(({ name }) => name).join("; ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
