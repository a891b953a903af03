import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type LeaderboardFilters, type LeagueAsked } from "../../api.ts";
import { paging } from "../../queries.ts";

export const leaderboardQuery = (filters: LeaderboardFilters) =>
  infiniteQueryOptions({
    queryKey: ["leaderboard", filters],
    queryFn: ({ pageParam, signal }) =>
      api.getLeaderboard({ ...filters, cursor: pageParam, limit: 50 }, { signal }),
    ...paging,
  });
export const leagueQuery = (asked: LeagueAsked) =>
  queryOptions({ queryKey: ["league", asked], queryFn: () => api.getLeague(asked) });
export const walletRecordQuery = (address: string) =>
  queryOptions({
    queryKey: ["wallet-record", address],
    queryFn: () => api.getWalletRecord({ address }),
  });
