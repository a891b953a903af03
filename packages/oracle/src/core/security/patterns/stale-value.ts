import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

/** One provider's figure in one round of a feed, with what the round came to. Rounds in order of time. */
export type FeedRow = {
  feed: string;
  provider: string;
  value: bigint;
  final: bigint;
  /** Absolute, in the same unit. */
  tolerance: bigint;
  at: UnixSeconds;
};

/** Equal figures in a row before it is a pattern, and how many of them must have been outside the tolerance. */
const REPEATS = 5;
const LEAST_WRONG = 2;
const MANY = 20;

/** A provider sends the figure of yesterday while the world moves on. A quiet market repeats itself rightly, and is let be. */
export function staleValue(rows: readonly FeedRow[]): SecurityEvent[] {
  const series = Map.groupBy(rows, ({ feed, provider }) => `${feed} ${provider}`);
  return [...series.values()].flatMap((list) => {
    const sorted = list.toSorted((a, b) => a.at - b.at);
    const last = sorted.at(-1);
    if (!last) return [];
    const start = sorted.findLastIndex(({ value }) => value !== last.value) + 1;
    const run = sorted.slice(start);
    const wrong = run.filter(({ value, final, tolerance }) => distance(value, final) > tolerance).length;
    if (run.length < REPEATS || wrong < LEAST_WRONG) return [];
    return [
      {
        rule: "stale-value",
        severity: run.length >= MANY ? 3 : 2,
        subject: last.provider,
        evidence: {
          feed: last.feed,
          value: String(last.value),
          rounds: String(run.length),
          wrong: String(wrong),
          since: String(run[0]?.at ?? last.at),
        },
        at: last.at,
      } satisfies SecurityEvent,
    ];
  });
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);
