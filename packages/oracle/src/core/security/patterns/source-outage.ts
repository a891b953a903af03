import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

/** One reading of one source by one provider, from its evidence. */
export type ReadingRow = { source: string; provider: string; ok: boolean; at: UnixSeconds };

const WINDOW_SECONDS = 1_800;
const LEAST_PROVIDERS = 3;
const FAILED_PERCENT = 50;

/**
 * A source fails for most of those who read it: their errors of that time are the source's, and the questions that name it
 * rest on fewer. One provider that cannot reach it has a problem of its own. Severe when most sources fail at once.
 */
export function sourceOutage(rows: readonly ReadingRow[], now: UnixSeconds): SecurityEvent[] {
  const recent = rows.filter(({ at }) => at > now - WINDOW_SECONDS && at <= now);
  const bySource = [...Map.groupBy(recent, ({ source }) => source)];
  const failing = bySource.flatMap(([source, readings]) => {
    const readers = new Set(readings.map(({ provider }) => provider));
    const served = new Set(readings.filter(({ ok }) => ok).map(({ provider }) => provider));
    const failed = [...readers].filter((provider) => !served.has(provider));
    const most = failed.length * 100 > readers.size * FAILED_PERCENT;
    return failed.length >= LEAST_PROVIDERS && most
      ? [{ source, readers: readers.size, failed: failed.length }]
      : [];
  });
  const wide = failing.length * 2 > bySource.length && bySource.length > 1;
  return failing.map(({ source, readers, failed }) => ({
    rule: "source-outage",
    severity: wide ? 4 : 3,
    subject: source,
    evidence: {
      from: String(now - WINDOW_SECONDS),
      readers: String(readers),
      failed: String(failed),
      sourcesFailing: String(failing.length),
      sources: String(bySource.length),
    },
    at: now,
  }));
}
