import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import { api, ApiError, type MarketFilters } from "./api.ts";

// 429 and 5xx may pass by themselves; what the server refused stays refused.
const mayPass = (error: Error) => error instanceof ApiError && (error.status === 429 || error.status >= 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 30 * 60_000,
      networkMode: "always",
      retry: (failures, error) => failures < 2 && mayPass(error),
    },
    mutations: { networkMode: "always" },
  },
});

const start: string | undefined = undefined;
type PageOf = { next: string | null };
const paging = {
  initialPageParam: start as string | undefined,
  getNextPageParam: (last: PageOf) => last.next ?? undefined,
};

export const networkQuery = queryOptions({
  queryKey: ["network"],
  queryFn: ({ signal }) => api.network(signal),
  staleTime: Number.POSITIVE_INFINITY,
});
export const marketsQuery = (filters: MarketFilters) =>
  infiniteQueryOptions({
    queryKey: ["markets", filters],
    queryFn: ({ pageParam, signal }) => api.markets({ ...filters, cursor: pageParam, signal }),
    ...paging,
  });
export const marketQuery = (id: string) =>
  queryOptions({ queryKey: ["market", id], queryFn: () => api.market(id) });
export const historyQuery = (id: string) =>
  queryOptions({ queryKey: ["market", id, "history"], queryFn: () => api.history(id) });
export const marketActivityQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["market", id, "activity"],
    queryFn: ({ pageParam }) => api.marketActivity(id, { cursor: pageParam, limit: 12 }),
    ...paging,
  });
export const questionQuery = (id: string) =>
  queryOptions({ queryKey: ["question", id], queryFn: () => api.question(id) });
export const providersQuery = queryOptions({ queryKey: ["providers"], queryFn: () => api.providers() });
export const portfolioQuery = (address: string | undefined) =>
  queryOptions({
    queryKey: ["portfolio", address],
    queryFn: () => api.portfolio(address ?? ""),
    enabled: address !== undefined,
  });
export const activityQuery = infiniteQueryOptions({
  queryKey: ["activity"],
  queryFn: ({ pageParam, signal }) => api.activity({ cursor: pageParam, limit: 30, signal }),
  ...paging,
});
export const evidenceQuery = (hash: string) =>
  queryOptions({
    queryKey: ["evidence", hash],
    queryFn: () => api.evidence(hash),
    staleTime: Number.POSITIVE_INFINITY,
  });
