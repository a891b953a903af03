import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

export type ReportRow = {
  question: string;
  provider: string;
  value: bigint;
  weight: bigint;
  at: UnixSeconds;
};
export type Deadline = { question: string; opensAt: UnixSeconds; deadline: UnixSeconds };

/** The last share of a round, in percent, and the share of its weight, in percent, that must come in it. */
const LAST_PERCENT = 10;
const WEIGHT_PERCENT = 34n;
const LEAST_REPORTS = 3;

/**
 * Much of a round's weight arrives just before the deadline: nobody has time to look, or to answer. It is worse when those
 * reports change which value leads.
 */
export function lateBurst(
  rounds: readonly Deadline[],
  reports: readonly ReportRow[],
  now: UnixSeconds,
): SecurityEvent[] {
  return rounds.flatMap(({ question, opensAt, deadline }): SecurityEvent[] => {
    if (now < deadline) return [];
    const mine = reports.filter((report) => report.question === question && report.at <= deadline);
    const from = deadline - Math.ceil(((deadline - opensAt) * LAST_PERCENT) / 100);
    const late = mine.filter(({ at }) => at >= from);
    const [all, lateWeight] = [weightOf(mine), weightOf(late)];
    if (late.length < LEAST_REPORTS || lateWeight * 100n < all * WEIGHT_PERCENT) return [];
    const before = leading(mine.filter(({ at }) => at < from));
    const after = leading(mine);
    const turned = before !== null && before !== after;
    return [
      {
        rule: "late-burst",
        severity: turned ? 4 : 2,
        subject: question,
        evidence: {
          from: String(from),
          deadline: String(deadline),
          lateReports: String(late.length),
          lateWeight: String(lateWeight),
          weight: String(all),
          before: String(before),
          after: String(after),
          providers: late
            .map(({ provider }) => provider)
            .toSorted()
            .join(" "),
        },
        at: deadline,
      },
    ];
  });
}

const weightOf = (rows: readonly ReportRow[]): bigint => rows.reduce((sum, { weight }) => sum + weight, 0n);

/** The value with the most weight; of equals the smaller one, so that the order of the rows does not matter. */
function leading(rows: readonly ReportRow[]): bigint | null {
  const weights = new Map<bigint, bigint>();
  for (const { value, weight } of rows) weights.set(value, (weights.get(value) ?? 0n) + weight);
  let best: bigint | null = null;
  for (const [value, weight] of weights) {
    const top = best === null ? -1n : (weights.get(best) ?? 0n);
    if (weight > top || (weight === top && best !== null && value < best)) best = value;
  }
  return best;
}
