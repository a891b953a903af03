import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

export type BlockRow = { number: number; baseFee: bigint; at: UnixSeconds };
/** A report or a dispute on its way: sent, and in a block or not yet. */
export type PendingRow = {
  subject: string;
  sentAt: UnixSeconds;
  deadline: UnixSeconds;
  includedAt: UnixSeconds | null;
};

/** The base fee in a row's last stretch beside the median of the day before it. */
const TIMES = 5n;
const DAY = 86_400;
const SLOW_SECONDS = 120;

/**
 * Gas is several times dearer than the day before just while a report or a dispute waits for its deadline: somebody may be
 * filling blocks so that it comes too late. Dear gas without anything waiting is the market's business.
 */
export function gasCensorship(
  blocks: readonly BlockRow[],
  pending: readonly PendingRow[],
  now: UnixSeconds,
): SecurityEvent[] {
  return pending.flatMap((row): SecurityEvent[] => {
    const end = Math.min(row.includedAt ?? now, row.deadline) as UnixSeconds;
    if (end - row.sentAt < SLOW_SECONDS) return [];
    const during = median(blocks.filter(({ at }) => at >= row.sentAt && at <= end));
    const before = median(blocks.filter(({ at }) => at >= row.sentAt - DAY && at < row.sentAt));
    if (during === null || before === null || during < before * TIMES) return [];
    const missed = row.includedAt === null ? now >= row.deadline : row.includedAt > row.deadline;
    return [
      {
        rule: "gas-censorship",
        severity: missed ? 5 : 4,
        subject: row.subject,
        evidence: {
          sentAt: String(row.sentAt),
          deadline: String(row.deadline),
          includedAt: String(row.includedAt),
          // Waiting and having waited in vain are two sights.
          missed: String(missed),
          baseFee: String(during),
          dayBefore: String(before),
        },
        at: end,
      },
    ];
  });
}

/** Lower middle, so that it is the fee of a real block. */
function median(blocks: readonly BlockRow[]): bigint | null {
  const fees = blocks.map(({ baseFee }) => baseFee).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return fees[(fees.length - 1) >> 1] ?? null;
}
