import { type Address, at, need } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { wireAddress, wireCall } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  opinionActivityPage,
  opinionMarketPage,
  opinionPage,
  scoredPage,
  wireDigest,
  wireOpinionLimits,
  wireOpinionMarket,
  wireOpinionPoint,
  wirePreparedOpinion,
  wirePreparedOpinionMarket,
  wirePrepareOpinion,
  wirePrepareReveal,
  wirePrepareOpinionMarket,
  wireRelayed,
  wireRelayOpinion,
  wireWalletOpinions,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { digestOf } from "../digest/read-digest.ts";
import type { ReadCache } from "../read-cache.ts";
import { byId } from "../routes/market-routes.ts";
import { sendJson } from "../routes/send-json.ts";
import { reading, SEARCHED } from "../searching.ts";
import { approvalRoutes } from "./approvals/routes.ts";
import { opinionHistory } from "./history.ts";
import { cursor, limit, listQuery, words } from "./list-query.ts";
import { listOpinionMarkets } from "./market-list.ts";
import { opinionMarketOr404, opinionMarketsByIds } from "./market-rows.ts";
import { viewOpinionMarkets } from "./market-view.ts";
import { opinionLimits } from "./opinion-limits.ts";
import { opinionActivity, opinionsBy, opinionsOf, opinionSums } from "./opinion-rows.ts";
import { prepareOpinion, prepareOpinionClaim, prepareOpinionMarket, prepareReveal } from "./prepare.ts";
import { relayOpinion } from "./relay-opinion.ts";
import { scoreHistory } from "./score-history.ts";
import { scoreRoutes } from "./score-routes.ts";

const pageQuery = z.object({ cursor, limit });
const walletQuery = pageQuery.extend({
  claimable: z
    .enum(["true", "false"])
    .default("false")
    .describe("only where a claim or a prize is to be paid"),
});
const moment = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const historyQuery = z.object({
  q: words,
  from: moment.describe("unix seconds; scored then or later"),
  until: moment.describe("unix seconds; scored then or earlier"),
  cursor,
  limit,
});
const MOST_OWNERS = 50;
const opinionsQuery = z.object({
  owner: wireAddress.optional(),
  owners: z
    .string()
    .max(MOST_OWNERS * 43)
    .transform((text) => text.split(","))
    .pipe(z.array(wireAddress).max(MOST_OWNERS))
    .optional()
    .describe(`at most ${MOST_OWNERS} addresses, with commas between them; theirs alone`),
  sort: z.enum(["newest", "largest"]).default("newest"),
  cursor,
  limit,
});
const history = z.object({ items: z.array(wireOpinionPoint) });

/** Opinion markets: what they are, who thinks what, and how one joins in. */
export function opinionRoutes(app: App, deps: Deps, cache: ReadCache): void {
  readRoutes(app, deps, cache);
  actRoutes(app, deps);
  approvalRoutes(app, deps);
  scoreRoutes(app, deps, cache);
}

function readRoutes(app: App, deps: Deps, cache: ReadCache): void {
  const { db } = deps.store;
  const tags = ["opinions"];

  app.get(
    "/v1/opinion-markets",
    {
      config: SEARCHED,
      schema: {
        operationId: "listOpinionMarkets",
        tags,
        summary: "Opinion markets, a page at a time",
        description:
          "`closing` shows open ones, the soonest first, unless another status is asked for. `found` tells where what is searched for stands.",
        querystring: listQuery,
        response: { 200: opinionMarketPage },
      },
    },
    async ({ query }, reply) => {
      const text = await cache.json(`opinions ${JSON.stringify(query)}`, opinionMarketPage, async () => {
        const now = await chainTime(deps.hub);
        const { items, next } = await reading(deps.store, query, (on) => listOpinionMarkets(on, query, now));
        const views = await viewOpinionMarkets(deps, items, now);
        return { items: views.map((view, index) => ({ ...view, found: at(items, index).found })), next };
      });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/opinion-markets/:id",
    {
      schema: {
        operationId: "getOpinionMarket",
        tags,
        summary: "One opinion market: terms, bands, result, draws",
        params: byId,
        response: { 200: wireOpinionMarket },
      },
    },
    async ({ params: { id } }, reply) => {
      const view = async () => {
        const now = await chainTime(deps.hub);
        return at(await viewOpinionMarkets(deps, [await opinionMarketOr404(db, id)], now), 0);
      };
      const text = await cache.json(`opinion market ${id}`, wireOpinionMarket, view, { market: id });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/opinion-markets/:id/opinions",
    {
      schema: {
        operationId: "listOpinions",
        tags,
        summary: "Who thinks what, with the texts that are kept here",
        params: byId,
        querystring: opinionsQuery,
        response: { 200: opinionPage },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const view = async () => opinionsOf(db, (await opinionMarketOr404(db, id)).id, query);
      const key = `opinions of ${id} ${JSON.stringify(query)}`;
      return sendJson(reply, await cache.json(key, opinionPage, view, { market: id }));
    },
  );

  app.get(
    "/v1/opinion-markets/:id/digest",
    {
      schema: {
        operationId: "getDigest",
        tags,
        summary: "What was argued, in short, with sources",
        params: byId,
        response: { 200: wireDigest },
      },
    },
    async ({ params: { id } }) => digestOf(db, (await opinionMarketOr404(db, id)).id),
  );

  app.get(
    "/v1/opinion-markets/:id/history",
    {
      schema: {
        operationId: "getOpinionHistory",
        tags,
        summary: "Mean stance and stakes over time, at most 500 points",
        params: byId,
        response: { 200: history },
      },
    },
    async ({ params: { id } }, reply) => {
      const view = async () => ({ items: await opinionHistory(db, (await opinionMarketOr404(db, id)).id) });
      return sendJson(
        reply,
        await cache.json(`opinion history ${id}`, history, view, { market: id, timeless: true }),
      );
    },
  );

  app.get(
    "/v1/opinion-markets/:id/activity",
    {
      schema: {
        operationId: "getOpinionActivity",
        tags,
        summary: "What happened to an opinion market, latest first",
        params: byId,
        querystring: pageQuery,
        response: { 200: opinionActivityPage },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const view = async () => opinionActivity(db, (await opinionMarketOr404(db, id)).id, query);
      const key = `opinion activity ${id} ${JSON.stringify(query)}`;
      return sendJson(
        reply,
        await cache.json(key, opinionActivityPage, view, { market: id, timeless: true }),
      );
    },
  );

  app.get(
    "/v1/opinions/history",
    {
      config: SEARCHED,
      schema: {
        operationId: "getScoreHistory",
        tags,
        summary: "What crowds came to: scores of opinion markets with confidence and volume, latest first",
        description: "With `q` those whose statement speaks of a topic.",
        querystring: historyQuery,
        response: { 200: scoredPage },
      },
    },
    async ({ query }, reply) => {
      const view = () => reading(deps.store, query, (on) => scoreHistory(on, query));
      const key = `score history ${JSON.stringify(query)}`;
      return sendJson(reply, await cache.json(key, scoredPage, view, { timeless: true }));
    },
  );

  app.get(
    "/v1/opinions/limits",
    {
      schema: {
        operationId: "getOpinionLimits",
        tags,
        summary: "What putting a statement up costs, and within what its terms stay",
        response: { 200: wireOpinionLimits },
      },
    },
    () => opinionLimits(deps),
  );

  app.get(
    "/v1/wallets/:address/opinions",
    {
      schema: {
        operationId: "listWalletOpinions",
        tags,
        summary: "Opinions of one address with their markets, latest first, and its sums",
        params: z.object({ address: wireAddress }),
        querystring: walletQuery,
        response: { 200: wireWalletOpinions },
      },
    },
    async ({ params, query }, reply) => {
      const owner = params.address.toLowerCase();
      const key = `wallet opinions ${owner} ${JSON.stringify(query)}`;
      return sendJson(
        reply,
        await cache.json(key, wireWalletOpinions, () => walletOpinions(deps, owner, query)),
      );
    },
  );
}

async function walletOpinions(
  deps: Pick<Deps, "store" | "hub" | "addresses">,
  owner: string,
  query: z.infer<typeof walletQuery>,
): Promise<z.infer<typeof wireWalletOpinions>> {
  const { hub } = deps;
  const { db } = deps.store;
  const [now, sums, { items, next }] = await Promise.all([
    chainTime(hub),
    opinionSums(db, owner),
    opinionsBy(db, owner, { ...query, claimable: query.claimable === "true" }),
  ]);
  const markets = await opinionMarketsByIds(
    db,
    items.map(({ market }) => market),
  );
  const views = await viewOpinionMarkets(deps, [...markets.values()], now);
  const byMarket = new Map(views.map((view) => [view.id, view]));
  return {
    address: owner,
    staked: String(sums.staked),
    claimable: String(sums.claimable),
    paidIn: String(sums.paidIn),
    paidOut: String(sums.paidOut),
    items: items.map((item) => ({ ...item, on: need(byMarket.get(item.market), `market ${item.market}`) })),
    next,
  };
}

function actRoutes(app: App, deps: Deps): void {
  const { db } = deps.store;
  const tags = ["opinions"];

  app.post(
    "/v1/opinion-markets/prepare",
    {
      schema: {
        operationId: "prepareOpinionMarket",
        tags,
        summary: "The calls that announce a market on an open score question; who asked it sends them",
        body: wirePrepareOpinionMarket,
        response: { 200: wirePreparedOpinionMarket },
      },
    },
    ({ body }) => prepareOpinionMarket(deps, body),
  );

  app.post(
    "/v1/opinion-markets/:id/opinions/prepare",
    {
      schema: {
        operationId: "prepareOpinion",
        tags,
        summary: "What to sign for an opinion without gas, and the calls for one with gas",
        params: byId,
        body: wirePrepareOpinion,
        response: { 200: wirePreparedOpinion },
      },
    },
    async ({ params, body }) => prepareOpinion(deps, await opinionMarketOr404(db, params.id), body),
  );

  app.post(
    "/v1/opinion-markets/:id/reveals/prepare",
    {
      schema: {
        operationId: "prepareReveal",
        tags,
        summary: "The call that tells a hidden stance once the market is closed",
        params: byId,
        body: wirePrepareReveal,
        response: { 200: z.object({ calls: z.array(wireCall) }) },
      },
    },
    async ({ params, body }) => prepareReveal(deps, await opinionMarketOr404(db, params.id), body),
  );

  app.post(
    "/v1/opinion-markets/:id/claims/prepare",
    {
      schema: {
        operationId: "prepareOpinionClaim",
        tags,
        summary: "The call that claims what an owner has in a market that ended",
        params: byId,
        body: z.object({ owner: wireAddress }),
        response: { 200: z.object({ calls: z.array(wireCall) }) },
      },
    },
    async ({ params, body }) =>
      prepareOpinionClaim(deps, await opinionMarketOr404(db, params.id), body.owner as Address),
  );

  app.post(
    "/v1/relay/opinions",
    {
      schema: {
        operationId: "relayOpinion",
        tags,
        summary: "Sends an opinion that its owner signed; the platform pays the gas",
        body: wireRelayOpinion,
        response: { 202: wireRelayed },
      },
    },
    async ({ body }, reply) => reply.code(202).send(await relayOpinion(deps, body)),
  );
}
