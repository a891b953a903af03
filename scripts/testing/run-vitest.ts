import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "./run-command.ts";
import type { Ran, Report } from "./second-try.ts";

const STRAY_ERRORS = path.join(import.meta.dirname, "stray-errors.ts");

/** Runs vitest with its output shown as it comes, and reads what it then reports of each file. */
export async function runVitest(command: readonly string[], findings: string[]): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-tests-"));
  const [report, stray] = [path.join(folder, "report.json"), path.join(folder, "stray.txt")];
  const reporters = ["default", ...(process.env.GITHUB_ACTIONS ? ["github-actions"] : [])];
  try {
    const passed = await runCommand(
      [
        ...command,
        ...[...reporters, "json", STRAY_ERRORS].map((reporter) => `--reporter=${reporter}`),
        `--outputFile.json=${report}`,
        `--outputFile.stray=${stray}`,
      ],
      findings,
    );
    return {
      passed,
      report: existsSync(report) ? (JSON.parse(readFileSync(report, "utf8")) as Report) : undefined,
      stray: existsSync(stray) ? readFileSync(stray, "utf8").split("\n") : [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
