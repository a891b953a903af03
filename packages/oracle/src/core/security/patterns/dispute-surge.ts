import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent, EventSeverity } from "../event.ts";

/** A finished or disputed answer of a domain. */
export type AnswerRow = { domain: string; disputed: boolean; at: UnixSeconds };

const DAY = 86_400;
const MONTH = 30 * DAY;
/** Fewer within a day are no surge. */
export const LEAST_DISPUTES = 5;
/** Times the mean of the thirty days before, the largest first. */
const STEPS: readonly (readonly [number, EventSeverity])[] = [
  [10, 5],
  [6, 4],
  [3, 3],
];

/** A domain's answers of the last day are disputed far more often than in the thirty days before. */
export function disputeSurge(rows: readonly AnswerRow[], now: UnixSeconds): SecurityEvent[] {
  return [...Map.groupBy(rows, ({ domain }) => domain)].flatMap(([domain, list]): SecurityEvent[] => {
    const today = list.filter(({ at }) => at > now - DAY && at <= now);
    const before = list.filter(({ at }) => at > now - DAY - MONTH && at <= now - DAY);
    const disputes = today.filter(({ disputed }) => disputed).length;
    const past = before.filter(({ disputed }) => disputed).length;
    if (disputes < LEAST_DISPUTES || before.length === 0) return [];
    // Half a dispute more than there were: a month without any is not a month in which none can happen.
    const times = disputes / today.length / ((past + 0.5) / before.length);
    const step = STEPS.find(([least]) => times >= least);
    if (!step) return [];
    return [
      {
        rule: "dispute-surge",
        severity: step[1],
        subject: domain,
        evidence: {
          disputes: String(disputes),
          answers: String(today.length),
          disputesBefore: String(past),
          answersBefore: String(before.length),
          from: String(now - DAY),
        },
        at: now,
      },
    ];
  });
}
