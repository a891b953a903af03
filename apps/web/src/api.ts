import { t } from "@lingui/core/macro";
import { ApiError, createClient } from "@sooth/client";
import type * as Api from "@sooth/client";
import { setConnection } from "./connection.ts";

export { ApiError };
export type Market = Api.GetMarketOutput;
export type Question = Market["question"];
export type QuestionDetail = Api.GetQuestionOutput;
export type Attempt = Api.ListAttemptsOutput["items"][number];
export type Report = QuestionDetail["reports"][number];
/** A report whose question is no longer open: before, the server tells nothing of what it says. */
export type OpenReport = Report & { value: string; label: string; signature: string };
export const isOpenReport = (report: Report): report is OpenReport =>
  report.value !== null && report.label !== null && report.signature !== null;
export type Feed = Api.ListFeedsOutput["items"][number];
export type Provider = Api.ListProvidersOutput["items"][number];
export type ProviderRules = Api.ListProvidersOutput["rules"];
export type ProviderDetail = Api.GetProviderOutput;
export type PreparedProvider = Api.PrepareJoinOutput;
export type Call = Api.PrepareClaimsOutput["calls"][number];
export type TypedData = Api.PrepareStakeOutput["typedData"];
export type Activity = Api.ListActivityOutput["items"][number];
export type MarketPoint = Api.GetMarketHistoryOutput["items"][number];
export type Portfolio = Api.GetPortfolioOutput;
export type Position = Portfolio["positions"][number];
export type Relayed = Api.GetRelayedOutput;
export type ItemProof = Api.GetItemOutput;
export type Solvency = Api.GetSolvencyOutput;
export type OrderBook = Api.ListOutcomeOrdersOutput;
export type OpenOrder = OrderBook["orders"][number];
export type HeldTokens = Api.GetQuestionOutcomesOutput["outcomes"][number];
export type Trade = Api.GetQuestionOutcomesOutput["trades"][number];
export type OutcomeSet = Api.ListOutcomeSetsOutput["items"][number];
export type OpinionMarket = Api.GetOpinionMarketOutput;
export type OpinionLimits = Api.GetOpinionLimitsOutput;
export type Digest = Api.GetDigestOutput;
export type Opinion = Api.ListOpinionsOutput["items"][number];
export type Erasure = Api.GetErasureOutput;
export type OpinionActivity = Api.GetOpinionActivityOutput["items"][number];
export type WalletRecord = Api.GetWalletRecordOutput;
export type Bucket = WalletRecord["calibration"]["pools"][number];
export type Leader = Api.GetLeaderboardOutput["items"][number];
export type League = Api.GetLeagueOutput;
export type LeagueAsked = Api.GetLeagueArgs;
export type LeaderboardFilters = Pick<Api.GetLeaderboardArgs, "by" | "kind" | "period">;
export type Seats = Api.GetCommitteeOutput;
export type Committee = NonNullable<Seats["committee"]>;
export type Replacement = Seats["replacements"][number];
export type Approval = Api.GetApprovalOutput;
export type Relabelling = Api.GetRelabellingOutput;
export type ListedOpinionMarket = Api.ListOpinionMarketsOutput["items"][number];
export type OpinionFilters = Pick<
  Api.ListOpinionMarketsArgs,
  | "search"
  | "status"
  | "sort"
  | "stances"
  | "creator"
  | "staker"
  | "closesWithin"
  | "leastVolume"
  | "leastConfidence"
>;
export type Thread = Api.ListCommentsOutput["items"][number];
export type Comment = Api.PostCommentOutput;
export type Reaction = Comment["own"][number];
export type News = Api.ListNotificationsOutput["items"][number];
export type Channels = Api.GetChannelsOutput;
export type NewsKind = News["kind"];
export type Network = Api.GetNetworkOutput;
export type Dispute = Api.GetDisputeOutput;
export type LadderStep = Dispute["ladder"][number];
export type PreparedDispute = Api.PrepareDisputeOutput;
export type PreparedAppeal = Api.PrepareAppealOutput;
export type Jury = Api.GetJuryOutput;
export type Juror = Jury["jurors"][number];
export type Security = Api.GetSecurityOutput;
export type SecurityEvent = Api.ListSecurityEventsOutput["items"][number];
export type BundleRow = Api.ListBundlesOutput["items"][number];
export type BundleFilters = Pick<Api.ListBundlesArgs, "owner" | "mode" | "status">;
export type BundleDetail = Api.GetBundleOutput;
export type BundleStatus = BundleDetail["status"];
export type LegShown = BundleDetail["shown"][number];
export type WireLeg = NonNullable<LegShown["leg"]>;
export type BundleCall = BundleDetail["calls"][number];
export type Pledge = BundleDetail["pledges"][number];
export type BundleTrial = Api.TryBundleOutput;
export type BundleQuote = Api.QuoteBundleOutput;
export type MarketFilters = Pick<Api.ListMarketsArgs, "search" | "status" | "kind" | "sort">;

/** No answer at all becomes an error like any other, with a code and status 0. */
export async function reach(...request: Parameters<typeof fetch>): Promise<Response> {
  try {
    return await fetch(...request);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError({ code: "web.unreachable", message: t`the server does not answer`, status: 0 });
  }
}

/** The server's API, on the origin that the page came from. */
export const api = createClient({ baseUrl: "", fetch: reach });

/** The event stream asks by itself again and again; whether it gets through is what the banner tells. */
export const live = createClient({
  baseUrl: "",
  fetch: async (...request) => {
    try {
      const response = await reach(...request);
      setConnection(response.ok ? "live" : "lost");
      return response;
    } catch (error) {
      setConnection("lost");
      throw error;
    }
  },
});

/** The evidence bundle as the very text that its hash speaks of. */
export async function evidenceText(hash: string): Promise<string> {
  const response = await reach(`/v1/evidence/${hash}`);
  if (response.ok) return response.text();
  throw new ApiError({
    code: "web.no_evidence",
    message: t`this evidence is not stored here`,
    status: response.status,
  });
}

/** A text by its hash, checked here: what hashes to something else is refused. Null where this server has none. */
export async function contentText(hash: string): Promise<string | null> {
  const response = await reach(`/v1/content/${hash}`);
  if ([404, 451].includes(response.status)) return null;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = `0x${Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  if (response.ok && found === hash.toLowerCase()) return new TextDecoder().decode(bytes);
  throw new ApiError({
    code: "web.wrong_content",
    message: t`the server gave another text than the one asked for`,
    status: response.status,
  });
}
