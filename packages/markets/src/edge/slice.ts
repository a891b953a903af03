import type { BlockRef } from "@sooth/chain";
import type { App } from "@sooth/runtime";
import type { MigrationSet } from "@sooth/store";
import { cardRoutes } from "./share/card-routes.ts";
import { embedListRoutes } from "./share/embed-list-routes.ts";
import { marketsChecks } from "./checks.ts";
import { forgetAdvice } from "./advice/advise.ts";
import { adviceRoutes } from "./advice/routes.ts";
import { commentRoutes } from "./comments/routes.ts";
import { marketsConfig } from "./config.ts";
import { digesterOf, makeDigests } from "./digest/make-digests.ts";
import { eraseAsked } from "./content/erase-asked.ts";
import { forgetUnstaked } from "./content/forget-unstaked.ts";
import { contentRoutes } from "./content/routes.ts";
import { pinnersOf, runPins } from "./content/run-pins.ts";
import type { Deps, OpinionDeps } from "./deps.ts";
import { firstRows } from "./first-rows.ts";
import { forgetRelayed } from "./forget-relayed.ts";
import { sweepHeld } from "./held-positions.ts";
import { sweep } from "./keeper.ts";
import { marketsLogHandlers } from "./logs/index.ts";
import { sweepApprovals } from "./opinions/approvals/sweep.ts";
import { opinionRounds, sweepOpinions } from "./opinions/keeper.ts";
import { opinionRoutes } from "./opinions/routes.ts";
import { tellMarketFigures } from "./market-figures.ts";
import { previewTags } from "./preview-tags.ts";
import { matchOrders } from "./outcomes/match-orders.ts";
import { eachOf } from "./each-of.ts";
import { refreshOrders } from "./outcomes/refresh-orders.ts";
import { outcomeRoutes } from "./outcomes/routes.ts";
import { newsRoutes } from "./news/routes.ts";
import { forgetPaid } from "./put-aside.ts";
import { openReadCache } from "./read-cache.ts";
import { recordRoutes } from "./records/routes.ts";
import { marketRoutes } from "./routes/market-routes.ts";
import { traderRoutes } from "./routes/trader-routes.ts";
import { tellMoney } from "./tell-money.ts";
import { feedRoutes } from "./share/feed-routes.ts";

const migrations: MigrationSet = { slice: "markets", folder: new URL("../../migrations/", import.meta.url) };

/** Within the time that a job has. */
const PINS_MILLISECONDS = 60_000;
const DIGESTS_MILLISECONDS = 120_000;

/** The markets as a part of the server. */
export const markets = {
  name: "markets",
  config: marketsConfig,
  migrations,
  logHandlers: marketsLogHandlers,
  routes(app: App, deps: Deps): void {
    const cache = openReadCache(app, deps.store);
    marketRoutes(app, deps, cache);
    traderRoutes(app, deps, cache);
    opinionRoutes(app, deps, cache);
    recordRoutes(app, deps, cache);
    contentRoutes(app, deps);
    adviceRoutes(app, deps);
    commentRoutes(app, deps);
    outcomeRoutes(app, deps, cache);
    newsRoutes(app, deps);
    cardRoutes(app, deps);
    embedListRoutes(app, deps);
    feedRoutes(app, deps);
  },
  async sweep(deps: OpinionDeps, head: BlockRef): Promise<void> {
    const { store, config, log } = deps;
    // What is hidden in opinion markets is lost when it comes too late; everything else is only later.
    await eachOf(log, {
      opinions: () => sweepOpinions(deps, head),
      pools: () => sweep(deps, head),
      held: () => sweepHeld(deps, head),
      relayed: () => forgetRelayed(store.db, head.timestamp),
      paid: () => forgetPaid(store.db),
      advice: () => forgetAdvice(store.db),
      erasures: () => eraseAsked(store, head),
      unstaked: () => forgetUnstaked(store, head, config.CONTENT_BYTES_PER_DAY),
    });
  },
  /** By a job of its own: an IPFS node that stalls holds nobody's money up, and neither does a figure. */
  async monitor(deps: Deps, head: BlockRef): Promise<void> {
    const { store, config, log } = deps;
    await eachOf(log, {
      figures: () => tellMarketFigures(deps, head),
      money: () => tellMoney(deps, head),
      approvals: () => sweepApprovals(deps, head),
      orders: () => refreshOrders(deps, head),
      matches: () => matchOrders(deps, head),
      pins: () => runPins(store, pinnersOf(config), log, AbortSignal.timeout(PINS_MILLISECONDS)),
      digests: async () => {
        const digester = await digesterOf(config, log);
        if (digester) await makeDigests(store, digester, head, AbortSignal.timeout(DIGESTS_MILLISECONDS));
      },
    });
  },
  rounds: opinionRounds,
  checks: marketsChecks,
  previewTags,
  firstRows,
};
