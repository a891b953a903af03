import type { Address } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { wireAddress, wireCall } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  feePage,
  lotPage,
  MarketsError,
  wirePortfolio,
  wireRelayed,
  wireRelayStake,
} from "../../core/index.ts";
import { moneyOf } from "../contract.ts";
import { creatorFees } from "../creator-fees.ts";
import type { Deps } from "../deps.ts";
import { portfolioOf } from "../portfolio.ts";
import {
  prepareClaims,
  prepareMarket,
  prepareStake,
  wirePreparedMarket,
  wirePreparedStake,
  wirePrepareMarket,
  wirePrepareStake,
} from "../prepare.ts";
import type { ReadCache } from "../read-cache.ts";
import { relayById, relayStake } from "../relay.ts";
import { byId, marketOr404, pageQuery } from "./market-routes.ts";
import { stakeLots } from "../stake-lots.ts";
import { sendJson } from "./send-json.ts";

/** What one trader sees and does. Writes answer with what to sign; only the relay sends anything, and only what was signed. */
export function traderRoutes(app: App, deps: Deps, cache: ReadCache): void {
  const { db } = deps.store;
  const tags = ["trading"];

  app.get(
    "/v1/portfolio/:address",
    {
      // Each address asks the chain twice, so strangers' addresses by the thousand would be paid in RPC calls.
      config: { rateLimit: { max: 600, timeWindow: 60_000 } },
      schema: {
        operationId: "getPortfolio",
        tags,
        summary: "Positions and money of one address",
        params: z.object({ address: wireAddress }),
        response: { 200: wirePortfolio },
      },
    },
    async (request, reply) => {
      const owner = request.params.address.toLowerCase() as Address;
      const text = await cache.json(`portfolio ${owner}`, wirePortfolio, async () => {
        const [now, money] = await Promise.all([
          chainTime(deps.hub),
          moneyOf(deps.hub, deps.addresses, owner),
        ]);
        return portfolioOf(db, owner, money, now);
      });
      return sendJson(reply, text);
    },
  );

  app.get(
    "/v1/portfolio/:address/lots",
    {
      schema: {
        operationId: "listStakeLots",
        tags,
        summary: "Each stake of one address by itself, with its part of what came of it, the first first",
        params: z.object({ address: wireAddress }),
        querystring: pageQuery,
        response: { 200: lotPage },
      },
    },
    async ({ params, query }) => stakeLots(db, params.address as Address, query, await chainTime(deps.hub)),
  );

  app.get(
    "/v1/portfolio/:address/fees",
    {
      schema: {
        operationId: "listCreatorFees",
        tags,
        summary: "What markets of one address paid it as their creator, the first first, and the sum of all",
        params: z.object({ address: wireAddress }),
        querystring: pageQuery,
        response: { 200: feePage },
      },
    },
    ({ params, query }) => creatorFees(db, params.address as Address, query),
  );

  app.post(
    "/v1/markets/prepare",
    {
      schema: {
        operationId: "prepareMarket",
        tags,
        summary:
          "The call that opens a market on an open question, or on one that is asked in the same transaction",
        body: wirePrepareMarket,
        response: { 200: wirePreparedMarket },
      },
    },
    ({ body }) => prepareMarket(deps, body),
  );

  app.post(
    "/v1/markets/:id/stakes/prepare",
    {
      schema: {
        operationId: "prepareStake",
        tags,
        summary: "What to sign for a stake without gas, and the calls for one with gas",
        params: byId,
        body: wirePrepareStake,
        response: { 200: wirePreparedStake },
      },
    },
    async ({ params, body }) => prepareStake(deps, await marketOr404(deps, params.id), body),
  );

  app.post(
    "/v1/markets/:id/claims/prepare",
    {
      schema: {
        operationId: "prepareClaims",
        tags,
        summary: "The call that claims everything an owner has won in a market",
        params: byId,
        body: z.object({ owner: wireAddress }),
        response: { 200: z.object({ calls: z.array(wireCall) }) },
      },
    },
    async ({ params, body }) =>
      prepareClaims(deps, await marketOr404(deps, params.id), body.owner as Address),
  );

  app.post(
    "/v1/relay/stakes",
    {
      schema: {
        operationId: "relayStake",
        tags,
        summary: "Sends a stake that its owner signed; the platform pays the gas",
        body: wireRelayStake,
        response: { 202: wireRelayed },
      },
    },
    async (request, reply) => reply.code(202).send(await relayStake(deps, request.body)),
  );

  app.get(
    "/v1/relay/:id",
    {
      schema: {
        operationId: "getRelayed",
        tags,
        summary: "How far a relayed stake is",
        params: z.object({ id: z.string().regex(/^\d{1,15}$/) }),
        response: { 200: wireRelayed },
      },
    },
    async ({ params }) => {
      const relayed = await relayById(db, params.id);
      if (!relayed) throw MarketsError.unknown_relay({ relay: params.id });
      return relayed;
    },
  );
}
