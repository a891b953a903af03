import { chainTime } from "@sooth/oracle";
import { questionKind, wireHex32 } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { marketStatus, opinionStatus } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { listMarkets, marketsByIds } from "../market-rows.ts";
import { listOpinionMarkets, OPINION_SORTS } from "../opinions/market-list.ts";
import { opinionMarketsByIds } from "../opinions/market-rows.ts";
import { fitToStake } from "../opinions/market-view.ts";
import { reading, SEARCHED } from "../searching.ts";
import { EMBEDDED } from "./embedded.ts";
import { embedListPage, type Linked } from "./embed-page.ts";
import { cardOfOpinions, cardOfPool } from "./market-cards.ts";

/** More belong on a page of one's own. */
const MOST = 12;
const common = {
  ids: z
    .string()
    .max(MOST * 67)
    .transform((text) => text.toLowerCase().split(","))
    .pipe(z.array(wireHex32).min(1).max(MOST))
    .optional()
    .describe(
      `at most ${MOST} ids, with commas between them: these, in this order; any that is unknown is left out`,
    ),
  search: z
    .string()
    .max(100)
    .refine((text) => !text.includes("\0"), "holds a NUL character")
    .optional()
    .describe("what the list pages search for: words of a topic"),
  sort: z.enum(["volume", "closing", "newest"]).default("volume"),
  limit: z.coerce.number().int().min(1).max(MOST).default(6),
  layout: z.enum(["list", "grid"]).default("list"),
};
const marketsQuery = z.object({ ...common, status: marketStatus.optional(), kind: questionKind.optional() });
const opinionsQuery = z.object({
  ...common,
  status: opinionStatus.optional(),
  sort: z.enum(OPINION_SORTS).default("volume"),
});

/** Several markets for the frames of other sites, by their ids or by what is searched for. Read anew at most once a minute by each. */
export function embedListRoutes(app: App, deps: Deps): void {
  const { db } = deps.store;
  const described = {
    description:
      "A page without a script that any site may frame; each market is a link, opened in a new tab. With `ids` those alone, else what the search finds.",
    produces: ["text/html"],
  };
  app.get(
    "/embed/markets",
    {
      config: SEARCHED,
      schema: {
        operationId: "embedMarkets",
        tags: ["markets"],
        summary: "Several markets as a page for frames of other sites",
        ...described,
        querystring: marketsQuery,
      },
    },
    async ({ query: { ids, layout, ...asked } }, reply) => {
      const now = await chainTime(deps.hub);
      const markets = ids
        ? inOrder(ids, await marketsByIds(db, ids))
        : (await reading(deps.store, asked, (on) => listMarkets(on, asked, now))).items;
      const shown = markets.map(async (market): Promise<Linked> => ({
        card: await cardOfPool(deps, market, now),
        link: `/markets/${market.id}`,
      }));
      return reply
        .headers(EMBEDDED)
        .type("text/html; charset=utf-8")
        .serializer((text) => text as string)
        .send(embedListPage("Markets on Sooth", await Promise.all(shown), layout, "/"));
    },
  );
  app.get(
    "/embed/opinions",
    {
      config: SEARCHED,
      schema: {
        operationId: "embedOpinionMarkets",
        tags: ["opinions"],
        summary: "Several opinion markets as a page for frames of other sites",
        ...described,
        querystring: opinionsQuery,
      },
    },
    async ({ query: { ids, layout, ...asked } }, reply) => {
      const now = await chainTime(deps.hub);
      const markets = ids
        ? inOrder(ids, await opinionMarketsByIds(db, ids))
        : (await reading(deps.store, asked, (on) => listOpinionMarkets(on, asked, now))).items;
      // A frame has no room for the warning that others want.
      const own = await fitToStake(deps, markets);
      const shown = own.map(async (market): Promise<Linked> => ({
        card: await cardOfOpinions(deps, market, now),
        link: `/opinions/${market.id}`,
      }));
      return reply
        .headers(EMBEDDED)
        .type("text/html; charset=utf-8")
        .serializer((text) => text as string)
        .send(embedListPage("Opinion markets on Sooth", await Promise.all(shown), layout, "/opinions"));
    },
  );
}

/** Each once, as they were asked for. */
const inOrder = <T>(ids: readonly string[], found: ReadonlyMap<string, T>): T[] =>
  [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
