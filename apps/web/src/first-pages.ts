/**
 * What the server sends of a page before any script of it has run: its frame, its head, and where what it reads first is to be had.
 * The build writes this into one file for each page; the pages draw the same again, so nothing moves.
 */

/** Classes of the frame and of heads, as both write them. */
export const FRAME = {
  width: "mx-auto w-full max-w-[74rem] px-4 sm:px-6",
  header: "border-b border-rule bg-surface",
  bar: "flex flex-wrap items-center gap-x-6 xl:gap-x-4",
  brand: "flex min-h-14 items-center gap-2",
  mark: "size-6",
  name: "font-serif text-[1.6rem] leading-none font-semibold tracking-tight",
  main: "min-h-dvh flex-1 py-6 outline-none sm:py-9",
} as const;
export const HEAD = {
  header: "mb-6 flex flex-wrap items-end justify-between gap-x-8 gap-y-4",
  texts: "max-w-[62ch]",
  title: "question text-[2rem] sm:text-[2.4rem]",
  about: "mt-2 text-ink-2",
} as const;
/** A list's filters and rows: one row is one thing, whose name is the link. */
export const LIST = {
  list: "border-t border-rule",
  row: "group relative grid grid-cols-[1fr_auto] gap-x-6 gap-y-3 border-b border-rule py-5 hover:bg-surface sm:-mx-4 sm:px-4 md:grid-cols-[minmax(0,1fr)_13rem_8rem]",
  words: "col-span-2 min-w-0 md:col-span-1",
  name: "question text-[1.3rem] after:absolute after:inset-0 group-hover:text-accent",
  state: "mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2",
} as const;
/** Space below the filters of a list. */
export const FILTERS = { markets: "mb-5", opinions: "mb-4" } as const;
const TITLE = "question mt-2 text-[1.75rem] sm:text-[2.35rem]";
/** Pages that are about one thing, which has a title of its own. */
export const ARTICLES = {
  market: { article: "grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_22rem]", title: TITLE },
  opinion: { article: "grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_23rem]", title: TITLE },
  bundle: { article: "grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_21rem]", title: TITLE },
  question: { article: "grid gap-10", title: `${TITLE} max-w-[26ch] sm:max-w-[30ch]` },
} as const;

/** What stands in the source is English, and the key of a language pack, which the build and the page both look up. */
export type Said = { id: string; message: string };

export const HEADS = {
  markets: {
    title: /* i18n */ { id: "head.markets", message: "Put money on what happens" },
    about: /* i18n */ {
      id: "head.markets.about",
      message:
        "Stake on an outcome. When the time comes, staked providers sign what they saw, and the contract pays out by their answer.",
    },
  },
  opinions: {
    title: /* i18n */ { id: "head.opinions", message: "Say what you think, and stand by it" },
    about: /* i18n */ {
      id: "head.opinions.about",
      message:
        "Stake on a statement with an opinion and a stance. After closing, analysts read every opinion; who stood near their score is paid from the stakes of who stood far.",
    },
  },
  bundles: {
    title: /* i18n */ { id: "head.bundles", message: "Several chains, one outcome" },
    about: /* i18n */ {
      id: "head.bundles.about",
      message:
        "A bundle is a set of transactions on several rollups with one outcome: all of it happens, or what was held goes back and what has an undo is undone. What is promised stands where you sign.",
    },
  },
  activity: {
    title: /* i18n */ { id: "head.activity", message: "Activity" },
    about: /* i18n */ {
      id: "head.activity.about",
      message: "Everything that the contracts logged, as it happens.",
    },
  },
  providers: {
    title: /* i18n */ { id: "head.providers", message: "Providers" },
    about: /* i18n */ {
      id: "head.providers.about",
      message:
        "They observe what happened and sign it. Their stake is their weight, up to a quarter of all for each.",
    },
  },
  portfolio: {
    title: /* i18n */ { id: "head.portfolio", message: "Portfolio" },
    about: /* i18n */ {
      id: "head.portfolio.about",
      message:
        "What a wallet has staked, on outcomes and with opinions, what it came to, and what is there to claim.",
    },
  },
} as const satisfies Record<string, { title: Said; about: Said }>;

/** What the heads of lists offer to do. */
export const ACTIONS = {
  // On wide screens the bar above offers it.
  markets: {
    to: "/create",
    label: /* i18n */ { id: "do.ask", message: "Ask a question" },
    className: "lg:hidden",
  },
  opinions: {
    to: "/opinions/create",
    label: /* i18n */ { id: "do.put-up", message: "Put up a statement" },
    className: "",
  },
  bundles: {
    to: "/bundles/new",
    label: /* i18n */ { id: "do.bundle", message: "Make a bundle" },
    className: "",
  },
} as const;

/** A page that the server knows by its path; `_` stands for an id, whose title the server puts in. */
export type FirstPage = {
  path: string;
  /** The file in `pages/` that draws it, fetched beside the scripts of every page. */
  file: string;
  head?: { title: Said; about: Said };
  /** What the head offers to do, as a link. */
  action?: { to: string; label: Said; className: string };
  /** Its first rows, which the server puts in, each with a link to the page below `below`. */
  list?: { below: string; filters: string };
  article?: { article: string; title: string };
  /** What it asks the API for first, as the client writes it. `_` stands for the id. */
  reads: readonly string[];
};
export const FIRST_PAGES: readonly FirstPage[] = [
  {
    path: "/",
    file: "market-list",
    head: HEADS.markets,
    action: ACTIONS.markets,
    list: { below: "/markets/", filters: FILTERS.markets },
    reads: ["/v1/markets?sort=volume&limit=20"],
  },
  {
    path: "/opinions",
    file: "opinions",
    head: HEADS.opinions,
    action: ACTIONS.opinions,
    list: { below: "/opinions/", filters: FILTERS.opinions },
    reads: ["/v1/opinion-markets?sort=volume&limit=20"],
  },
  {
    path: "/bundles",
    file: "bundles",
    head: HEADS.bundles,
    action: ACTIONS.bundles,
    reads: ["/v1/bundles?limit=20"],
  },
  { path: "/portfolio", file: "portfolio", head: HEADS.portfolio, reads: [] },
  { path: "/activity", file: "activity", head: HEADS.activity, reads: ["/v1/activity?limit=30"] },
  { path: "/providers", file: "providers", head: HEADS.providers, reads: ["/v1/providers?limit=100"] },
  { path: "/create", file: "create", reads: [] },
  { path: "/opinions/create", file: "put-up", reads: [] },
  { path: "/markets/_", file: "market", article: ARTICLES.market, reads: ["/v1/markets/_"] },
  { path: "/opinions/_", file: "opinion", article: ARTICLES.opinion, reads: ["/v1/opinion-markets/_"] },
  { path: "/questions/_", file: "question", article: ARTICLES.question, reads: ["/v1/questions/_"] },
];
