import { chainTime } from "@sooth/oracle";
import { type Address, ascending } from "@sooth/kernel";
import { wireAddress } from "@sooth/oracle/core";
import { type App, originOf } from "@sooth/runtime";
import { z } from "zod";
import { moneyOf } from "../contract.ts";
import type { Deps } from "../deps.ts";
import { listMarkets } from "../market-rows.ts";
import { listOpinionMarkets } from "../opinions/market-list.ts";
import { fitToStake } from "../opinions/market-view.ts";
import { portfolioOf } from "../portfolio.ts";
import { ATOM, ENTRIES, entry, feedOf } from "./atom.ts";

/** Atom feeds: who follows one hears of new markets, or of what became of his own stakes, without an account anywhere. */
export function feedRoutes(app: App, deps: Deps): void {
  const { db } = deps.store;
  const tags = ["news"];

  app.get(
    "/v1/markets.atom",
    {
      schema: {
        operationId: "getMarketsAtom",
        tags,
        summary: "The newest markets, pools and opinion markets, as an Atom feed",
      },
    },
    async (request, reply) => {
      const origin = originOf(request) ?? "";
      const newest = { sort: "newest", limit: ENTRIES } as const;
      const now = await chainTime(deps.hub);
      const [pools, opinions] = await Promise.all([
        listMarkets(db, newest, now),
        listOpinionMarkets(db, newest, now).then(({ items }) => fitToStake(deps, items)),
      ]);
      const entries = [
        ...pools.items.map(({ id, title, openedAt }) =>
          entry({ id: `urn:sooth:market:${id}`, title, link: `${origin}/markets/${id}`, at: openedAt }),
        ),
        ...opinions.map(({ id, statement, announcedAt }) =>
          entry({
            id: `urn:sooth:opinion-market:${id}`,
            title: statement,
            link: `${origin}/opinions/${id}`,
            at: announcedAt,
          }),
        ),
      ]
        .toSorted((a, b) => ascending(b.date.getTime(), a.date.getTime()))
        .slice(0, ENTRIES);
      const text = feedOf("urn:sooth:markets", "New markets on Sooth", `${origin}/`, entries);
      return reply
        .headers(ATOM)
        .serializer((xml) => xml as string)
        .send(text);
    },
  );

  app.get(
    "/v1/portfolio/:address/feed.atom",
    {
      config: { rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        operationId: "getPortfolioAtom",
        tags,
        summary: "What became of the stakes of one address, as an Atom feed",
        params: z.object({ address: wireAddress }),
      },
    },
    async (request, reply) => {
      const owner = request.params.address.toLowerCase() as Address;
      const [now, money] = await Promise.all([chainTime(deps.hub), moneyOf(deps.hub, deps.addresses, owner)]);
      const { positions } = await portfolioOf(db, owner, money, now);
      const origin = originOf(request) ?? "";
      const entries = positions.slice(0, ENTRIES).map(({ market, outcome, label, state }) =>
        // A new state is a new entry: readers tell each once.
        entry({
          id: `urn:sooth:position:${market.id}:${outcome}:${owner}:${state}`,
          title: `${SAID[state]} ${label} in “${market.title}”`,
          link: `${origin}/markets/${market.id}`,
          at: state === "open" ? market.openedAt : (market.question.finalizeAt ?? market.question.deadline),
        }),
      );
      const text = feedOf(
        `urn:sooth:portfolio:${owner}`,
        `Stakes of ${owner}`,
        `${origin}/portfolio`,
        entries,
      );
      return reply
        .headers(ATOM)
        .serializer((xml) => xml as string)
        .send(text);
    },
  );
}

const SAID = {
  open: "At stake:",
  won: "Won, to be claimed:",
  lost: "Lost:",
  refund: "Void, to be refunded:",
  claimed: "Paid out:",
} as const;
