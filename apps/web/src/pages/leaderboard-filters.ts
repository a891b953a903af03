import type { LeaderboardFilters } from "../api.ts";

export const PERIODS = ["all", "year", "month", "week"] as const;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((candidate) => candidate === value);

/** What the address bar asks for; anything that is no filter is dropped. */
export function readLeaderboardFilters(search: Record<string, unknown>): LeaderboardFilters {
  return {
    by: oneOf(["profit", "brier"], search["by"]),
    kind: oneOf(["pools", "opinions"], search["kind"]),
    period: oneOf(PERIODS, search["period"]),
  };
}
