import type { LeaderboardFilters, LeagueAsked } from "../api.ts";

/** Of `DIVISIONS`; here so that the router loads no rules. */
const LAST_DIVISION = 3;
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

/** The same of leagues. */
export function readLeague({ season, division }: Record<string, unknown>): Omit<LeagueAsked, "owner"> {
  const asked = Number(division);
  return {
    ...(typeof season === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(season) && { season }),
    ...(Number.isInteger(asked) && asked >= 1 && asked <= LAST_DIVISION && { division: asked }),
  };
}
