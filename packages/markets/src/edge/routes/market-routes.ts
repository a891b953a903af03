import { at } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { questionKind, wireHex32 } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  activityPage,
  marketPage,
  MarketsError,
  marketStatus,
  outcomeSetPage,
  wireMarket,
  wirePoint,
  wireSolvency,
} from "../../core/index.ts";
import { recentActivity } from "../activity.ts";
import type { Deps } from "../deps.ts";
import { marketHistory } from "../history.ts";
import { listMarkets, marketById, type StoredMarket } from "../market-rows.ts";
import { viewMarkets } from "../market-view.ts";
import { viewOutcomeSets } from "../outcomes/view-sets.ts";
import type { ReadCache } from "../read-cache.ts";
import { reading, SEARCHED } from "../searching.ts";
import { solvency } from "../solvency.ts";
import { sendJson } from "./send-json.ts";

export const byId = z.object({ id: wireHex32 });
const cursor = z.string().min(1).max(200).optional().describe("`next` of the page before");
const limit = z.coerce.number().int().min(1).max(100).default(20);
const listQuery = z.object({
  search: z
    .string()
    .max(100)
    .refine((text) => !text.includes("\0"), "holds a NUL character")
    .optional()
    .describe("in title and outcomes"),
  status: marketStatus.optional(),
  kind: questionKind.optional(),
  sort: z.enum(["volume", "closing", "newest"]).default("newest"),
  cursor,
  limit,
});
export const pageQuery = z.object({ cursor, limit });
const history = z.object({ items: z.array(wirePoint) });

/** @throws markets.unknown */
export async function marketOr404({ store }: Pick<Deps, "store">, id: string): Promise<StoredMarket> {
  const market = await marketById(store.db, id);
  if (!market) throw MarketsError.unknown({ market: id });
  return market;
}

export function marketRoutes(app: App, deps: Deps, cache: ReadCache): void {
  const { db } = deps.store;
  const tags = ["markets"];

  app.get(
    "/v1/markets",
    {
      config: SEARCHED,
      schema: {
        operationId: "listMarkets",
        tags,
        summary: "Markets, a page at a time",
        description:
          "`closing` shows markets that still trade, the soonest first, unless another status is asked for.",
        querystring: listQuery,
        response: { 200: marketPage },
      },
    },
    async (request, reply) => {
      const text = await cache.json(`list ${JSON.stringify(request.query)}`, marketPage, async () => {
        const now = await chainTime(deps.hub);
        const { items, next } = await reading(deps.store, request.query, (on) =>
          listMarkets(on, request.query, now),
        );
        return { items: await viewMarkets(db, items, now), next };
      });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/markets/:id",
    {
      schema: {
        operationId: "getMarket",
        tags,
        summary: "One market",
        params: byId,
        response: { 200: wireMarket },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const view = async () => {
        const now = await chainTime(deps.hub);
        return at(await viewMarkets(db, [await marketOr404(deps, id)], now), 0);
      };
      const text = await cache.json(`market ${id}`, wireMarket, view, { market: id });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/solvency",
    {
      schema: {
        operationId: "getSolvency",
        tags,
        summary:
          "What the markets' contracts hold and what they may still have to pay, at the last followed block",
        response: { 200: wireSolvency },
      },
    },
    async (_request, reply) => {
      const text = await cache.json("solvency", wireSolvency, async () => {
        const found = await solvency(deps);
        if (!found) throw MarketsError.not_followed({});
        return {
          ...found,
          contracts: found.contracts.map((one) => ({
            ...one,
            held: String(one.held),
            owed: String(one.owed),
          })),
        };
      });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/solvency/outcome-sets",
    {
      schema: {
        operationId: "listOutcomeSets",
        tags,
        summary: "The money behind complete sets of yes and no, question by question, most paid in first",
        querystring: pageQuery,
        response: { 200: outcomeSetPage },
      },
    },
    async (request, reply) => {
      const key = `outcome sets ${JSON.stringify(request.query)}`;
      const text = await cache.json(key, outcomeSetPage, () => viewOutcomeSets(db, request.query));
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/markets/:id/history",
    {
      schema: {
        operationId: "getMarketHistory",
        tags,
        summary: "The pools over time, at most 500 points",
        params: byId,
        response: { 200: history },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const view = async () => ({ items: await marketHistory(db, await marketOr404(deps, id)) });
      const text = await cache.json(`history ${id}`, history, view, { market: id, timeless: true });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/markets/:id/activity",
    {
      schema: {
        operationId: "getMarketActivity",
        tags,
        summary: "What happened to a market and its question, latest first",
        params: byId,
        querystring: pageQuery,
        response: { 200: activityPage },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { query } = request;
      const view = async () => {
        const { terms } = await marketOr404(deps, id);
        return recentActivity(db, { ...query, market: { id, question: terms.question } });
      };
      const key = `activity ${id} ${JSON.stringify(query)}`;
      const text = await cache.json(key, activityPage, view, { market: id, timeless: true });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/activity",
    {
      schema: {
        operationId: "listActivity",
        tags: ["activity"],
        summary: "What happened anywhere, latest first",
        querystring: pageQuery,
        response: { 200: activityPage },
      },
    },
    async (request, reply) => {
      const view = () => recentActivity(db, request.query);
      const key = `activity ${JSON.stringify(request.query)}`;
      const text = await cache.json(key, activityPage, view, { timeless: true });
      return sendJson(reply, text);
    },
  );
}
