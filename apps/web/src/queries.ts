import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import { api, ApiError, evidenceText, type MarketFilters } from "./api.ts";

/** The client waits and repeats by itself where the server asks for it; here only a lost connection is tried again. */
const unreachable = (error: Error) =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 30 * 60_000,
      networkMode: "always",
      retry: (failures, error) => failures < 2 && unreachable(error),
    },
    mutations: { networkMode: "always" },
  },
});

type PageOf = { next: string | null };
const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: PageOf) => last.next ?? undefined,
};

export const networkQuery = queryOptions({
  queryKey: ["network"],
  queryFn: ({ signal }) => api.getNetwork({}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
export const marketsQuery = (filters: MarketFilters) =>
  infiniteQueryOptions({
    queryKey: ["markets", filters],
    queryFn: ({ pageParam, signal }) =>
      api.listMarkets({ ...filters, cursor: pageParam, limit: 20 }, { signal }),
    ...paging,
  });
export const marketQuery = (id: string) =>
  queryOptions({ queryKey: ["market", id], queryFn: () => api.getMarket({ id }) });
export const historyQuery = (id: string) =>
  queryOptions({ queryKey: ["market", id, "history"], queryFn: () => api.getMarketHistory({ id }) });
export const marketActivityQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["market", id, "activity"],
    queryFn: ({ pageParam }) => api.getMarketActivity({ id, cursor: pageParam, limit: 12 }),
    ...paging,
  });
export const questionQuery = (id: string) =>
  queryOptions({ queryKey: ["question", id], queryFn: () => api.getQuestion({ id }) });
export const attemptsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["question", id, "attempts"],
    queryFn: ({ pageParam }) => api.listAttempts({ id, cursor: pageParam, limit: 50 }),
    ...paging,
  });
export const providersQuery = queryOptions({ queryKey: ["providers"], queryFn: () => api.listProviders() });
export const providerQuery = (owner: string) =>
  queryOptions({ queryKey: ["providers", owner.toLowerCase()], queryFn: () => api.getProvider({ owner }) });
export const slashesQuery = (owner: string) =>
  queryOptions({
    queryKey: ["slashes", owner.toLowerCase()],
    queryFn: () => api.listSlashes({ owner, limit: 50 }),
  });
export const disputesQuery = infiniteQueryOptions({
  queryKey: ["disputes"],
  queryFn: ({ pageParam }) => api.listDisputes({ cursor: pageParam, limit: 20 }),
  ...paging,
});
export const questionDisputesQuery = (question: string) =>
  queryOptions({
    queryKey: ["disputes", "of", question],
    queryFn: async () => (await api.listDisputes({ question, limit: 50 })).items,
  });
export const ownDisputesQuery = (disputer: string) =>
  queryOptions({
    queryKey: ["disputes", "by", disputer],
    queryFn: async () => (await api.listDisputes({ disputer, limit: 50 })).items,
  });
export const juryQuery = (id: string) =>
  queryOptions({
    queryKey: ["jury", id],
    queryFn: () => api.getJury({ id }),
    // Its phase changes by the clock alone, of which the server may hear a block later than the page.
    refetchInterval: 3_000,
  });
export const feedsQuery = infiniteQueryOptions({
  queryKey: ["feeds"],
  queryFn: ({ pageParam }) => api.listFeeds({ cursor: pageParam, limit: 20 }),
  ...paging,
});
export const securityQuery = queryOptions({
  queryKey: ["security"],
  queryFn: () => api.getSecurity(),
});
export const securityEventsQuery = infiniteQueryOptions({
  queryKey: ["security", "events"],
  queryFn: ({ pageParam }) => api.listSecurityEvents({ cursor: pageParam, limit: 30 }),
  ...paging,
});
export const portfolioQuery = (address: string | undefined) =>
  queryOptions({
    queryKey: ["portfolio", address],
    queryFn: () => api.getPortfolio({ address: address ?? "" }),
    enabled: address !== undefined,
  });
export const activityQuery = infiniteQueryOptions({
  queryKey: ["activity"],
  queryFn: ({ pageParam, signal }) => api.listActivity({ cursor: pageParam, limit: 30 }, { signal }),
  ...paging,
});
export const evidenceQuery = (hash: string) =>
  queryOptions({
    queryKey: ["evidence", hash],
    queryFn: () => evidenceText(hash),
    staleTime: Number.POSITIVE_INFINITY,
  });
