import type { Check } from "@sooth/runtime";

export type CheckResult = { id: string; why: string; ok: boolean; found: string; milliseconds: number };

/** Runs all checks one after the other; one that throws has failed, and the others still run. */
export async function runChecks(checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { id, why, run } of checks) {
    const started = performance.now();
    const { ok, found } = await run().catch((error: unknown) => ({
      ok: false,
      found: error instanceof Error ? error.message : String(error),
    }));
    results.push({ id, why, ok, found: found ?? "", milliseconds: Math.round(performance.now() - started) });
  }
  return results;
}
