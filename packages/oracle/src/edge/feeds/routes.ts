import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  feedFields,
  FeedsError,
  NOBODY,
  page,
  wireFeed,
  wireFeedDetail,
  wireFeedReceipt,
  wireFeedReport,
  wireFeedValue,
  wireHex32,
  wirePreparedFeed,
  wirePrepareFeed,
  wirePulledFeed,
} from "../../core/index.ts";
import type { Hex } from "@sooth/kernel";
import { chainTime } from "../clock.ts";
import { signerSets } from "../signer-sets.ts";
import type { ApiDeps } from "../deps.ts";
import { feedById, type KnownFeed, pageOfFeeds, toldFeeds, valuesOf } from "./feeds.ts";
import { prepareFeed } from "./prepare-feed.ts";
import { pullFeed } from "./pull.ts";
import { receiveFeedReport } from "./receive-feed-report.ts";
import { newestFeedReports, reportsOfNewest } from "./reports.ts";
import { backingOf, toWireFeed } from "./view.ts";

const tags = ["feeds"];
const params = z.object({ id: wireHex32 });
const limit = z.coerce.number().int().min(1).max(100).default(20);
/** Of reports: two moments of a full signer set. */
const REPORTS = 64;
const LAST_ROUND = 2 ** 31;

/** Values that are told again and again, and where providers hand theirs over. */
export function feedRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  const known = async (id: string): Promise<KnownFeed> => {
    const feed = await feedById(db, id);
    if (!feed) throw FeedsError.unknown_feed({ feed: id as Hex });
    return feed;
  };
  const showing = async (feeds: readonly KnownFeed[]) => {
    const [now, told, sets, newest] = await Promise.all([
      chainTime(deps.hub),
      toldFeeds(db, deps.config),
      signerSets(db),
      reportsOfNewest(
        db,
        feeds.map(({ id }) => id),
      ),
    ]);
    const ids = new Set(told.map(({ id }) => id));
    return (feed: KnownFeed) => {
      const set = sets.get(feedFields(feed.id).domain) ?? NOBODY;
      const backing = backingOf(feed, newest.get(feed.id) ?? [], set);
      return toWireFeed(feed, { now, chainId: deps.hub.definition.id, told: ids.has(feed.id), backing });
    };
  };
  app.get(
    "/v1/feeds",
    {
      schema: {
        operationId: "listFeeds",
        tags,
        summary: "Feeds with their newest values, by id",
        querystring: z.object({ cursor: wireHex32.optional(), limit }),
        response: { 200: page(wireFeed) },
      },
    },
    async ({ query }) => {
      const found = await pageOfFeeds(db, query.cursor?.toLowerCase() ?? "", query.limit + 1);
      const items = found.slice(0, query.limit);
      const show = await showing(items);
      const next = found.length > query.limit ? (items.at(-1)?.id ?? null) : null;
      return { items: items.map(show), next };
    },
  );
  app.get(
    "/v1/feeds/:id",
    {
      schema: {
        operationId: "getFeed",
        tags,
        summary: "A feed, its newest value, and who reported it here",
        params,
        response: { 200: wireFeedDetail },
      },
    },
    async ({ params: { id } }) => {
      const feed = await known(id);
      const [show, reports] = await Promise.all([showing([feed]), newestFeedReports(db, feed.id, REPORTS)]);
      return {
        ...show(feed),
        reports: reports.map(({ signer, seat, weight, value, observedAt, epoch, receivedAt }) => ({
          signer,
          seat,
          weight: String(weight),
          value: String(value),
          observedAt,
          epoch,
          receivedAt,
        })),
      };
    },
  );
  app.get(
    "/v1/feeds/:id/values",
    {
      schema: {
        operationId: "listFeedValues",
        tags,
        summary: "The values that a feed took, newest first",
        params,
        querystring: z.object({ cursor: z.coerce.number().int().min(1).max(LAST_ROUND).optional(), limit }),
        response: { 200: page(wireFeedValue) },
      },
    },
    async ({ params: { id }, query }) => {
      const feed = await known(id);
      const found = await valuesOf(db, feed.id, query.cursor ?? LAST_ROUND, query.limit + 1);
      const items = found.slice(0, query.limit);
      const last = items.at(-1);
      return {
        items: items.map((each) => ({ ...each, value: String(each.value) })),
        next: last && found.length > query.limit ? String(last.round) : null,
      };
    },
  );
  app.get(
    "/v1/feeds/:id/report",
    {
      schema: {
        operationId: "getFeedReport",
        tags,
        summary: "The newest value that a quorum signed, with the signatures, as a contract checks it",
        params,
        response: { 200: wirePulledFeed },
      },
    },
    async ({ params: { id } }) => pullFeed(deps, await known(id)),
  );
  writing(app, deps);
}

function writing(app: App, deps: ApiDeps): void {
  app.post(
    "/v1/feeds/prepare",
    {
      schema: {
        operationId: "prepareFeed",
        tags,
        summary: "Build a feed whose providers sign their own values, and the call that logs its terms",
        body: wirePrepareFeed,
        response: { 200: wirePreparedFeed },
      },
    },
    async ({ body }) => prepareFeed(deps, body),
  );
  app.post(
    "/v1/feeds/:id/reports",
    {
      // Limited as all writing is; a key, where one is shown, must be for it.
      config: { scope: "report-receipts", cost: 0 },
      schema: {
        operationId: "handOverFeedReport",
        tags,
        summary: "Hand over a provider's signed value for a moment of a feed",
        params,
        body: wireFeedReport,
        response: { 200: wireFeedReceipt },
      },
    },
    ({ params: { id }, body }) => receiveFeedReport(deps, id, body),
  );
}
