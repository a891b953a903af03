import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const PROGRAM = path.resolve(import.meta.dirname, "../main.ts");
const KILLS = 10;

test(
  "the server is killed with -9 at ten random points of the demo, and every pay-out is still right to the unit",
  { timeout: 900_000 },
  async () => {
    const args = ["--disable-warning=ExperimentalWarning", PROGRAM, "demo", "--json"];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, "--seed", "11", "--kill-server", String(KILLS)],
      { maxBuffer: 10_000_000 },
    );
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ reconciled: true, differences: [], kills: KILLS });
    expect(result["positions"]).toHaveLength(90);
    expect(result["markets"]).toHaveLength(5);
  },
);
