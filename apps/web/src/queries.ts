import { infiniteQueryOptions, QueryClient, queryOptions } from "@tanstack/react-query";
import {
  api,
  ApiError,
  type BundleFilters,
  type BundleDetail,
  contentText,
  evidenceText,
  type MarketFilters,
  type OpinionFilters,
} from "./api.ts";
import { claimableOpinions } from "./features/claims/claim-calls.ts";
import { askedWords, foundByAny } from "./features/create/likeness.ts";
import { type Ranked, rankedPage } from "./features/opinion/ranked-page.ts";

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
/** Of a list that goes on: its next page is asked for by what the last one told. */
export const paging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: PageOf) => last.next ?? undefined,
};

export const networkQuery = queryOptions({
  queryKey: ["network"],
  queryFn: ({ signal }) => api.getNetwork({}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
/** Who is signed in here, by the cookie that only the server reads. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => api.getSession({}, { signal }),
  staleTime: 60_000,
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
/** Under the question's key: what is told of it is told of its tokens and orders. */
export const outcomesQuery = (id: string, owner: string | undefined) =>
  queryOptions({
    queryKey: ["question", id, "outcomes", owner],
    queryFn: () => api.getQuestionOutcomes({ id, owner }),
    placeholderData: (before) => before,
  });
export const bookQuery = (question: string, outcome: number) =>
  queryOptions({
    queryKey: ["question", question, "book", outcome],
    queryFn: () => api.listOutcomeOrders({ question, outcome }),
    // Another outcome's stands until this one's comes: nothing under the pointer moves.
    placeholderData: (before) => before,
  });
/** The book shows what can be matched alone; its owner sees, and cancels, what can not. */
export const ownOrdersQuery = (question: string, outcome: number, maker: string | undefined) =>
  queryOptions({
    queryKey: ["question", question, "orders", outcome, maker],
    queryFn: () => api.listOutcomeOrders({ question, outcome, maker }),
    enabled: maker !== undefined,
    placeholderData: (before) => before,
  });
export const attemptsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["question", id, "attempts"],
    queryFn: ({ pageParam }) => api.listAttempts({ id, cursor: pageParam, limit: 50 }),
    ...paging,
  });
export const providersQuery = infiniteQueryOptions({
  queryKey: ["providers", "list"],
  queryFn: ({ pageParam }) => api.listProviders({ cursor: pageParam, limit: 100 }),
  ...paging,
});
/** The rules that hold for all, and the provider whose owner this is, if there is one. */
export const joinedQuery = (owner: string) =>
  queryOptions({
    queryKey: ["providers", "joined", owner.toLowerCase()],
    queryFn: async () => {
      const { items, rules } = await api.listProviders({ owner, limit: 1 });
      return { provider: items[0] ?? null, rules };
    },
  });
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
export const solvencyQuery = queryOptions({
  queryKey: ["solvency"],
  queryFn: () => api.getSolvency(),
  // Tokens that change hands are told to nobody who looks on.
  refetchInterval: 10_000,
});
export const outcomeSetsQuery = infiniteQueryOptions({
  queryKey: ["solvency", "sets"],
  queryFn: ({ pageParam }) => api.listOutcomeSets({ cursor: pageParam, limit: 20 }),
  refetchInterval: 10_000,
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
export const opinionMarketsQuery = (filters: OpinionFilters) =>
  infiniteQueryOptions({
    queryKey: ["opinion-markets", filters],
    queryFn: ({ pageParam, signal }) =>
      api.listOpinionMarkets({ ...filters, cursor: pageParam, limit: 20 }, { signal }),
    ...paging,
  });
export const opinionMarketQuery = (id: string) =>
  queryOptions({ queryKey: ["opinion-market", id], queryFn: () => api.getOpinionMarket({ id }) });
export const opinionsQuery = (id: string, sort: "newest" | "largest") =>
  infiniteQueryOptions({
    queryKey: ["opinion-market", id, "opinions", sort],
    queryFn: ({ pageParam }) => api.listOpinions({ id, sort, cursor: pageParam, limit: 20 }),
    ...paging,
  });
/** By what the reports' labels say of their quality, which this page worked out. */
export const rankedOpinionsQuery = (id: string, ranked: Ranked) =>
  infiniteQueryOptions({
    queryKey: ["opinion-market", id, "opinions", "ranked", ranked.key],
    queryFn: ({ pageParam }) =>
      rankedPage(ranked, pageParam ?? "0", (query) => api.listOpinions({ id, ...query })),
    ...paging,
  });
/** The largest stake of a market. */
export const largestOpinionQuery = (id: string) =>
  queryOptions({
    queryKey: ["opinion-market", id, "largest"],
    queryFn: async () => (await api.listOpinions({ id, sort: "largest", limit: 1 })).items[0] ?? null,
  });
export const opinionHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: ["opinion-market", id, "history"],
    queryFn: async () => (await api.getOpinionHistory({ id })).items,
  });
export const opinionActivityQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["opinion-market", id, "activity"],
    queryFn: ({ pageParam }) => api.getOpinionActivity({ id, cursor: pageParam, limit: 12 }),
    ...paging,
  });
/** Made once it is closed, and only where the operator has a model. */
export const digestQuery = (id: string, closed: boolean) =>
  queryOptions({
    queryKey: ["opinion-market", id, "digest"],
    queryFn: () => api.getDigest({ id }),
    enabled: closed,
  });
/** Of one wallet; what it has read is told to it alone, so an answer to somebody signed in is another one. */
export const notificationsQuery = (wallet: string, signedIn: boolean) =>
  infiniteQueryOptions({
    queryKey: ["notifications", wallet, signedIn],
    queryFn: ({ pageParam }) => api.listNotifications({ wallet, cursor: pageParam, limit: 30 }),
    ...paging,
  });
export const unreadQuery = (wallet: string | undefined) =>
  queryOptions({
    queryKey: ["notifications", "unread", wallet],
    queryFn: async () => (await api.listNotifications({ wallet, limit: 1 })).unread ?? 0,
    enabled: wallet !== undefined,
    // A market closes by the clock alone, of which nobody is told.
    refetchInterval: 60_000,
  });
/** Where the wallet that is signed in is told besides on the page. */
export const channelsQuery = (wallet: string) =>
  queryOptions({ queryKey: ["notifications", "channels", wallet], queryFn: () => api.getChannels() });
/** Of a pool or an opinion market. */
export const commentsQuery = (market: string) =>
  infiniteQueryOptions({
    queryKey: ["comments", market],
    queryFn: ({ pageParam }) => api.listComments({ market, cursor: pageParam, limit: 20 }),
    ...paging,
  });
export const repliesQuery = (market: string, thread: string) =>
  infiniteQueryOptions({
    queryKey: ["comments", market, thread],
    queryFn: ({ pageParam }) => api.listReplies({ id: thread, cursor: pageParam, limit: 50 }),
    ...paging,
  });
export const walletOpinionsQuery = (address: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["wallet-opinions", address],
    queryFn: ({ pageParam }) =>
      api.listWalletOpinions({ address: address ?? "", cursor: pageParam, limit: 20 }),
    enabled: address !== undefined,
    ...paging,
  });
export const claimableOpinionsQuery = (address: string) =>
  queryOptions({
    queryKey: ["wallet-opinions", address, "claimable"],
    queryFn: () => claimableOpinions(api, address),
  });
/** What markets paid to their creator: the sum of all, beside the first of them. */
export const creatorFeesQuery = (address: string) =>
  queryOptions({
    queryKey: ["portfolio", address, "fees"],
    queryFn: () => api.listCreatorFees({ address, limit: 1 }),
  });
export const opinionLimitsQuery = queryOptions({
  queryKey: ["opinion-limits"],
  queryFn: () => api.getOpinionLimits({}),
  // Who sits, and so what their answers secure, changes with the epochs.
  staleTime: 60_000,
});
export const bundlesQuery = (filters: BundleFilters) =>
  infiniteQueryOptions({
    queryKey: ["bundles", filters],
    queryFn: ({ pageParam, signal }) =>
      api.listBundles({ ...filters, cursor: pageParam, limit: 20 }, { signal }),
    ...paging,
  });
export const bundleQuery = (id: string) =>
  queryOptions({
    queryKey: ["bundle", id],
    queryFn: () => api.getBundle({ id }),
    // Deadlines pass by the clock of each chain, and a chain that stops tells nobody.
    refetchInterval: ({ state }) => (isLasting(state.data) ? 3_000 : false),
  });
/** Whether something may still become of it by time alone. */
const isLasting = (bundle: BundleDetail | undefined): boolean =>
  bundle !== undefined &&
  (!["completed", "refunded", "compensated"].includes(bundle.status.kind) || bundle.calls.length > 0);
/** Statements that hold any of the longest words of this one; {nearest} picks those that say much the same. */
export const similarStatementsQuery = (statement: string) => {
  const words = askedWords(statement);
  return queryOptions({
    queryKey: ["opinion-markets", "similar", words],
    queryFn: ({ signal }) =>
      foundByAny(
        words,
        async (search) =>
          (await api.listOpinionMarkets({ search, meaning: "off", limit: 50 }, { signal })).items,
      ),
    enabled: words.length > 0,
  });
};
/** Markets whose question holds any of the longest words of this one; {nearest} picks those that ask much the same. */
export const similarQuestionsQuery = (text: string) => {
  const words = askedWords(text);
  return queryOptions({
    queryKey: ["markets", "similar", words],
    queryFn: ({ signal }) =>
      foundByAny(words, async (search) => (await api.listMarkets({ search, limit: 50 }, { signal })).items),
    enabled: words.length > 0,
  });
};
/** The largest markets on questions of a kind: what one of them may be compared with. */
export const comparableQuery = (kind: MarketFilters["kind"]) =>
  queryOptions({
    queryKey: ["markets", "largest", kind],
    queryFn: async ({ signal }) =>
      (await api.listMarkets({ kind, sort: "volume", limit: 50 }, { signal })).items,
  });
/** A question, and the market on it, that another is to be asked like. */
export const questionModelQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ["question", id, "model"],
    queryFn: async () => {
      const question = await api.getQuestion({ id: id ?? "" });
      const [market] = question.markets;
      return { question, market: market === undefined ? undefined : await api.getMarket({ id: market }) };
    },
    enabled: id !== undefined,
  });
export const ownOpinionQuery = (id: string, owner: string | undefined) =>
  queryOptions({
    queryKey: ["opinion-market", id, "own", owner],
    queryFn: async () => (await api.listOpinions({ id, owner: owner ?? "", limit: 1 })).items[0] ?? null,
    enabled: owner !== undefined,
  });
export const approvalsQuery = infiniteQueryOptions({
  queryKey: ["approvals"],
  queryFn: ({ pageParam }) => api.listApprovals({ cursor: pageParam, limit: 20 }),
  ...paging,
  // An answer becomes final by the clock alone, and a proposal ends by it: no event tells of either.
  refetchInterval: 5_000,
});
/** What this deployment's own analysts say of a market that waits for signatures. */
export const relabellingQuery = (market: string) =>
  queryOptions({
    queryKey: ["relabelling", market],
    queryFn: () => api.getRelabelling({ id: market }),
    // Another member may have asked for it, and no event tells when it ends.
    refetchInterval: ({ state: { data } }) => (data?.state === "running" ? 1_500 : 15_000),
  });
/** Who sits in the committee, and whom members want to sit. */
export const committeeQuery = queryOptions({
  queryKey: ["committee"],
  queryFn: () => api.getCommittee(),
  // Signatures of others come without an event, and a change ends by the clock alone.
  refetchInterval: 5_000,
});
/** A text that never changes, by its hash; null where it is not kept. */
export const contentQuery = (hash: string) =>
  queryOptions({
    queryKey: ["content", hash],
    queryFn: () => contentText(hash),
    staleTime: Number.POSITIVE_INFINITY,
  });
/** What the reports on a score rest on; the evidence is sealed until there is an answer. */
export const judgedQuery = (question: string, answered: boolean) =>
  queryOptions({
    queryKey: ["question", question, "judged"],
    queryFn: async () => {
      const [{ judgementOf }, detail] = await Promise.all([
        // Labels are checked by rules of their own, which only this page needs.
        import("./features/opinion/ranking.ts"),
        api.getQuestion({ id: question }),
      ]);
      return judgementOf(detail);
    },
    enabled: answered,
    staleTime: 60_000,
  });
