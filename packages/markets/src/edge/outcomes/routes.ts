import type { Address, Hex } from "@sooth/kernel";
import { wireAddress, wireHex32 } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  orderSide,
  outcomeIndex,
  OutcomesError,
  wireCalls,
  wireOpenOrder,
  wireOrderBook,
  wirePostOrder,
  wirePrepareCancel,
  wirePreparedOrder,
  wirePrepareOrder,
  wirePrepareSets,
  wireQuestionOutcomes,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import type { ReadCache } from "../read-cache.ts";
import { sendJson } from "../routes/send-json.ts";
import { openOrderToWire, orderByDigest } from "./order-rows.ts";
import { placeOrder } from "./place-order.ts";
import { prepareCancel, prepareOrder, prepareSets } from "./prepare.ts";
import { viewBook, viewOutcomes } from "./view-orders.ts";

const tags = ["outcomes"];
const byQuestion = z.object({ id: wireHex32 });
/** From one address in a minute: each asks the chain several times. */
const RATE = { rateLimit: { max: 60, timeWindow: 60_000 } };
/** With an owner the chain is asked each time what he holds: nothing of that is kept. */
const READS = {
  rateLimit: {
    max: ({ query }: { query: unknown }) => (Object.hasOwn(query as object, "owner") ? 120 : 600),
    timeWindow: 60_000,
  },
};

/** Tokens of yes and no on questions, and the orders that people sign to trade them. Nothing is sent here but by who trades. */
export function outcomeRoutes(app: App, deps: Deps, cache: ReadCache): void {
  const { db } = deps.store;

  app.post(
    "/v1/outcome-orders",
    {
      config: RATE,
      schema: {
        operationId: "postOutcomeOrder",
        tags,
        summary:
          "Hand in a signed order on outcome tokens, for anybody to match; the same again is the same order",
        body: wirePostOrder,
        response: { 201: wireOpenOrder },
      },
    },
    async ({ body }, reply) => reply.code(201).send(openOrderToWire(await placeOrder(deps, body))),
  );
  app.get(
    "/v1/outcome-orders",
    {
      schema: {
        operationId: "listOutcomeOrders",
        tags,
        summary:
          "Signed orders that are good now; of a question and an outcome, with the book that they make",
        querystring: z.object({
          question: wireHex32.optional(),
          outcome: z.coerce.number().pipe(outcomeIndex).optional(),
          maker: wireAddress.optional(),
          side: orderSide.optional(),
        }),
        response: { 200: wireOrderBook },
      },
    },
    async ({ query }, reply) => {
      const key = [query.question, query.outcome, query.maker?.toLowerCase(), query.side].join(" ");
      return sendJson(reply, await cache.json(`orders ${key}`, wireOrderBook, () => viewBook(deps, query)));
    },
  );
  app.get(
    "/v1/outcome-orders/:digest",
    {
      schema: {
        operationId: "getOutcomeOrder",
        tags,
        summary: "One order as it stands; forgotten once it has expired",
        params: z.object({ digest: wireHex32 }),
        response: { 200: wireOpenOrder },
      },
    },
    async ({ params }) => {
      const found = await orderByDigest(db, params.digest);
      if (!found) throw OutcomesError.unknown_order({ order: params.digest });
      return openOrderToWire(found);
    },
  );
  app.get(
    "/v1/questions/:id/outcomes",
    {
      config: READS,
      schema: {
        operationId: "getQuestionOutcomes",
        tags,
        summary:
          "Outcomes of a question that have tokens: what they are worth, the last trades, and what an owner holds",
        params: byQuestion,
        querystring: z.object({ owner: wireAddress.optional() }),
        response: { 200: wireQuestionOutcomes },
      },
    },
    async ({ params, query }, reply) => {
      const owner = query.owner?.toLowerCase() as Address | undefined;
      const view = () => viewOutcomes(deps, params.id, owner);
      // What somebody holds is not kept: nothing tells of tokens that were made or moved, and he looks right after he did it.
      if (owner !== undefined)
        return sendJson(reply, JSON.stringify(wireQuestionOutcomes.parse(await view())));
      return sendJson(reply, await cache.json(`outcomes ${params.id}`, wireQuestionOutcomes, view));
    },
  );
  app.post(
    "/v1/outcome-orders/prepare",
    {
      config: RATE,
      schema: {
        operationId: "prepareOutcomeOrder",
        tags,
        summary:
          "What to sign for an order, what it pays or gets at most or least, and what has to be sent before",
        body: wirePrepareOrder,
        response: { 200: wirePreparedOrder },
      },
    },
    ({ body }) => prepareOrder(deps, body),
  );
  app.post(
    "/v1/outcome-orders/cancel/prepare",
    {
      config: RATE,
      schema: {
        operationId: "prepareOutcomeCancel",
        tags,
        summary: "The calls that make orders of one maker worthless, for good",
        body: wirePrepareCancel,
        response: { 200: wireCalls },
      },
    },
    ({ body }) => prepareCancel(deps, body),
  );
  app.post(
    "/v1/questions/:id/outcomes/prepare",
    {
      config: RATE,
      schema: {
        operationId: "prepareOutcomeSets",
        tags,
        summary:
          "The calls that make sets, turn them back into money, write down what they are worth, or redeem them",
        params: byQuestion,
        body: wirePrepareSets,
        response: { 200: wireCalls },
      },
    },
    ({ params, body }) => prepareSets(deps, params.id as Hex, body),
  );
}
