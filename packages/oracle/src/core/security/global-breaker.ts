import type { UnixSeconds } from "@sooth/kernel";

const HOUR = 3_600;
const DAY = 86_400;
const MONTH_DAYS = 30;

/** Counters of the network, a row an hour: what became final, in collateral, and how many answers and disputes there were. */
export type HourRow = { hour: UnixSeconds; finalised: bigint; answers: number; disputes: number };

export type GlobalLimits = {
  /** Value that may become final within an hour, in collateral's smallest unit. */
  finalisedPerHour: bigint;
  /** Times the mean dispute rate of thirty days. */
  disputeTimes: number;
  /** Fewer disputes than this in a day trip nothing: two of three answers on a quiet day are no attack. */
  leastDisputes: number;
};

export type GlobalState = { windowFactor: 1 | 2; why: readonly ("value" | "disputes")[] };

/**
 * Twice the windows while too much value becomes final at once, or too much is disputed. A function of the counters and the
 * clock and nothing else: it trips by itself, and it ends by itself when the hour, or the day, has passed.
 */
export function globalBreaker(rows: readonly HourRow[], now: UnixSeconds, limits: GlobalLimits): GlobalState {
  const within = (from: number, to: number): HourRow[] =>
    rows.filter(({ hour }) => hour > from && hour <= to);
  const finalised = within(now - HOUR, now).reduce((sum, row) => sum + row.finalised, 0n);
  const today = rateOf(within(now - DAY, now));
  const month = rateOf(within(now - (MONTH_DAYS + 1) * DAY, now - DAY));
  const why: ("value" | "disputes")[] = [];
  if (finalised > limits.finalisedPerHour) why.push("value");
  // One dispute at least in a month: a first one is not infinitely many times none.
  const usual = Math.max(1, month.disputes) / Math.max(1, month.answers);
  const many = today.disputes >= limits.leastDisputes && month.answers > 0;
  if (many && today.disputes / Math.max(1, today.answers) > limits.disputeTimes * usual) why.push("disputes");
  return { windowFactor: why.length > 0 ? 2 : 1, why };
}

function rateOf(rows: readonly HourRow[]): { answers: number; disputes: number } {
  return rows.reduce(
    (sum, row) => ({ answers: sum.answers + row.answers, disputes: sum.disputes + row.disputes }),
    { answers: 0, disputes: 0 },
  );
}
