import { counter } from "@sooth/runtime";
import { type Executor, one, sql } from "@sooth/store";
import type { MarketStatus, OpinionStatus } from "../core/index.ts";

const transitions = counter(
  "markets_transitions_total",
  "Markets that came to stand elsewhere, by where to; one that a reorg undid counts again",
  ["kind", "to"],
);

/** `count` pools, or opinion markets, came to stand there. */
export function moved(
  ...[kind, to, count]: ["pools", MarketStatus, number] | ["opinions", OpinionStatus, number]
): void {
  if (count > 0) transitions.inc({ kind, to }, count);
}

type ByClock = { closed: number; settled: number; void: number; revealing: number; judging: number };

/**
 * Counts what no log tells, for the clock alone decides it: what came to stand elsewhere after `before`, up to `now`, unix
 * seconds. Whoever looks while the clock stands, or goes back, counts nothing.
 */
export async function countMovedByClock(db: Executor, before: number, now: number): Promise<void> {
  const found = await one<ByClock>(
    db,
    sql`select (select count(*)::int from markets.markets
        where closes_at > ${before} and closes_at <= ${now}) as closed,
      (select count(*)::int from markets.markets
        where winner is not null and ends_at > ${before} and ends_at <= ${now}) as settled,
      (select count(*)::int from markets.markets
        where winner is null and ends_at > ${before} and ends_at <= ${now}) as void,
      (select count(*)::int from markets.opinion_markets
        where reveal_seconds > 0 and closes_at > ${before} and closes_at <= ${now}) as revealing,
      (select count(*)::int from markets.opinion_markets
        where closes_at <= ${now} and closes_at + reveal_seconds > ${before}
          and closes_at + reveal_seconds <= ${now}) as judging`,
  );
  for (const to of ["closed", "settled", "void"] as const) moved("pools", to, found?.[to] ?? 0);
  for (const to of ["revealing", "judging"] as const) moved("opinions", to, found?.[to] ?? 0);
}
