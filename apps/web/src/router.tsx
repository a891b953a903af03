import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Failure, Skeleton } from "./components/states.tsx";
import { withWords } from "./languages/words.ts";
import { readFilters } from "./pages/market-filters.ts";
import { readLeaderboardFilters, readLeague } from "./pages/leaderboard-filters.ts";
import { readBundleFilters } from "./pages/bundle-filters.ts";
import { readOpinionFilters } from "./pages/opinion-filters.ts";
import { NotFoundPage } from "./pages/not-found.tsx";
import { AppShell } from "./shell/app-shell.tsx";

const root = createRootRoute({ component: AppShell, notFoundComponent: () => <NotFoundPage /> });

const marketListRoute = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readFilters,
  component: lazyRouteComponent(
    withWords("market-list", () => import("./pages/market-list.tsx")),
    "MarketListPage",
  ),
});
const marketRoute = createRoute({
  getParentRoute: () => root,
  path: "/markets/$id",
  component: lazyRouteComponent(
    withWords("market", () => import("./pages/market.tsx")),
    "MarketPage",
  ),
});
const questionRoute = createRoute({
  getParentRoute: () => root,
  path: "/questions/$id",
  component: lazyRouteComponent(
    withWords("question", () => import("./pages/question.tsx")),
    "QuestionPage",
  ),
});
const createMarketRoute = createRoute({
  getParentRoute: () => root,
  path: "/create",
  validateSearch: (search): { sample?: true | undefined; like?: string | undefined } => ({
    sample: search["sample"] === true || undefined,
    ...readLike(search),
  }),
  component: lazyRouteComponent(
    withWords("create", () => import("./pages/create.tsx")),
    "CreatePage",
  ),
});
const portfolioRoute = createRoute({
  getParentRoute: () => root,
  path: "/portfolio",
  component: lazyRouteComponent(
    withWords("portfolio", () => import("./pages/portfolio.tsx")),
    "PortfolioPage",
  ),
});
const activityRoute = createRoute({
  getParentRoute: () => root,
  path: "/activity",
  component: lazyRouteComponent(
    withWords("activity", () => import("./pages/activity.tsx")),
    "ActivityPage",
  ),
});
const providersRoute = createRoute({
  getParentRoute: () => root,
  path: "/providers",
  component: lazyRouteComponent(
    withWords("providers", () => import("./pages/providers.tsx")),
    "ProvidersPage",
  ),
});
const providerRoute = createRoute({
  getParentRoute: () => root,
  path: "/providers/$owner",
  component: lazyRouteComponent(
    withWords("provider", () => import("./pages/provider.tsx")),
    "ProviderPage",
  ),
});
const joinRoute = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(
    withWords("join", () => import("./pages/join.tsx")),
    "JoinPage",
  ),
});
const disputesRoute = createRoute({
  getParentRoute: () => root,
  path: "/disputes",
  component: lazyRouteComponent(
    withWords("disputes", () => import("./pages/disputes.tsx")),
    "DisputesPage",
  ),
});
const juryRoute = createRoute({
  getParentRoute: () => root,
  path: "/juries/$id",
  component: lazyRouteComponent(
    withWords("jury", () => import("./pages/jury.tsx")),
    "JuryPage",
  ),
});
const feedsRoute = createRoute({
  getParentRoute: () => root,
  path: "/feeds",
  component: lazyRouteComponent(
    withWords("feeds", () => import("./pages/feeds.tsx")),
    "FeedsPage",
  ),
});
const securityRoute = createRoute({
  getParentRoute: () => root,
  path: "/security",
  component: lazyRouteComponent(
    withWords("security", () => import("./pages/security.tsx")),
    "SecurityPage",
  ),
});
const solvencyRoute = createRoute({
  getParentRoute: () => root,
  path: "/solvency",
  component: lazyRouteComponent(
    withWords("solvency", () => import("./pages/solvency.tsx")),
    "SolvencyPage",
  ),
});
const leaderboardRoute = createRoute({
  getParentRoute: () => root,
  path: "/leaderboard",
  validateSearch: readLeaderboardFilters,
  component: lazyRouteComponent(
    withWords("leaderboard", () => import("./pages/leaderboard.tsx")),
    "LeaderboardPage",
  ),
});
const leaguesRoute = createRoute({
  getParentRoute: () => root,
  path: "/leagues",
  validateSearch: readLeague,
  component: lazyRouteComponent(
    withWords("leagues", () => import("./pages/leagues.tsx")),
    "LeaguesPage",
  ),
});
const deskRoute = createRoute({
  getParentRoute: () => root,
  path: "/desk",
  component: lazyRouteComponent(
    withWords("desk", () => import("./pages/desk.tsx")),
    "DeskPage",
  ),
});
const opinionsRoute = createRoute({
  getParentRoute: () => root,
  path: "/opinions",
  validateSearch: readOpinionFilters,
  component: lazyRouteComponent(
    withWords("opinions", () => import("./pages/opinions.tsx")),
    "OpinionsPage",
  ),
});
const notificationsRoute = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  component: lazyRouteComponent(
    withWords("notifications", () => import("./pages/notifications.tsx")),
    "NotificationsPage",
  ),
});
const confirmMailRoute = createRoute({
  getParentRoute: () => root,
  path: "/notifications/confirm",
  component: lazyRouteComponent(
    withWords("mail-link", () => import("./pages/mail-link.tsx")),
    "ConfirmMailPage",
  ),
});
const stopMailRoute = createRoute({
  getParentRoute: () => root,
  path: "/notifications/stop",
  component: lazyRouteComponent(
    withWords("mail-link", () => import("./pages/mail-link.tsx")),
    "StopMailPage",
  ),
});
const putUpRoute = createRoute({
  getParentRoute: () => root,
  path: "/opinions/create",
  validateSearch: readLike,
  component: lazyRouteComponent(
    withWords("put-up", () => import("./pages/put-up.tsx")),
    "PutUpPage",
  ),
});
const opinionRoute = createRoute({
  getParentRoute: () => root,
  path: "/opinions/$id",
  component: lazyRouteComponent(
    withWords("opinion", () => import("./pages/opinion.tsx")),
    "OpinionPage",
  ),
});

const bundlesRoute = createRoute({
  getParentRoute: () => root,
  path: "/bundles",
  validateSearch: readBundleFilters,
  component: lazyRouteComponent(
    withWords("bundles", () => import("./pages/bundles.tsx")),
    "BundlesPage",
  ),
});
const newBundleRoute = createRoute({
  getParentRoute: () => root,
  path: "/bundles/new",
  component: lazyRouteComponent(
    withWords("new-bundle", () => import("./pages/new-bundle.tsx")),
    "NewBundlePage",
  ),
});
const bundleRoute = createRoute({
  getParentRoute: () => root,
  path: "/bundles/$id",
  component: lazyRouteComponent(
    withWords("bundle", () => import("./pages/bundle.tsx")),
    "BundlePage",
  ),
});

/** The question, or the opinion market, that a form begins as. */
function readLike({ like }: Record<string, unknown>): { like?: string | undefined } {
  return { like: typeof like === "string" && /^0x[0-9a-f]{64}$/.test(like) ? like : undefined };
}

export const router = createRouter({
  routeTree: root.addChildren([
    marketListRoute,
    marketRoute,
    questionRoute,
    createMarketRoute,
    portfolioRoute,
    activityRoute,
    providersRoute,
    providerRoute,
    joinRoute,
    disputesRoute,
    juryRoute,
    feedsRoute,
    securityRoute,
    solvencyRoute,
    leaderboardRoute,
    leaguesRoute,
    deskRoute,
    opinionsRoute,
    notificationsRoute,
    confirmMailRoute,
    stopMailRoute,
    putUpRoute,
    opinionRoute,
    bundlesRoute,
    newBundleRoute,
    bundleRoute,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingComponent: () => <Skeleton lines={6} />,
  defaultErrorComponent: ({ error, reset }) => (
    <Failure error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
  ),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
