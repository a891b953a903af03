import { chainTime } from "@sooth/oracle";
import type { App } from "@sooth/runtime";
import type { Card } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { opinionMarketOr404 } from "../opinions/market-rows.ts";
import { byId, marketOr404 } from "../routes/market-routes.ts";
import { drawCard } from "./draw-card.ts";
import { embedPage } from "./embed-page.ts";
import { EMBEDDED, FRESH } from "./embedded.ts";
import { cardOfOpinions, cardOfPool } from "./market-cards.ts";

const pictureOf = (what: string) => `A picture of ${what}, 1200 by 630 pixels, PNG`;
/** Pictures kept drawn: some 40 kB each. */
const MOST = 200;

/** What other sites show of a market: its picture beside a link, and itself in a frame. */
export function cardRoutes(app: App, deps: Deps): void {
  const draw = drawnOnce();
  const poolOf = async (id: string): Promise<Card> =>
    cardOfPool(deps, await marketOr404(deps, id), await chainTime(deps.hub));
  const opinionsOf = async (id: string): Promise<Card> =>
    cardOfOpinions(deps, await opinionMarketOr404(deps.store.db, id), await chainTime(deps.hub));

  const shown = [
    {
      picture: "/v1/markets/:id/card.png",
      frame: "/embed/markets/:id",
      page: "/markets",
      schema: { operationId: "getMarketCard", tags: ["markets"], summary: pictureOf("a market") },
      framed: {
        operationId: "embedMarket",
        tags: ["markets"],
        summary: "A market as a page without a script, for frames of other sites",
        produces: ["text/html"],
      },
      cardOf: poolOf,
    },
    {
      picture: "/v1/opinion-markets/:id/card.png",
      frame: "/embed/opinions/:id",
      page: "/opinions",
      schema: { operationId: "getOpinionCard", tags: ["opinions"], summary: pictureOf("an opinion market") },
      framed: {
        operationId: "embedOpinionMarket",
        tags: ["opinions"],
        summary: "An opinion market as a page without a script, for frames of other sites",
        produces: ["text/html"],
      },
      cardOf: opinionsOf,
    },
  ];
  for (const { picture, frame, page, schema, framed, cardOf } of shown) {
    app.get(
      picture,
      {
        config: { rateLimit: { max: 120, timeWindow: 60_000 } },
        schema: { ...schema, params: byId },
      },
      async (request, reply) =>
        reply
          .header("cache-control", FRESH)
          .type("image/png")
          .serializer((png) => png as string)
          .send(await draw(await cardOf(request.params.id))),
    );
    app.get(frame, { schema: { ...framed, params: byId } }, async (request, reply) => {
      const { id } = request.params;
      return reply
        .headers(EMBEDDED)
        .type("text/html; charset=utf-8")
        .serializer((text) => text as string)
        .send(embedPage(await cardOf(id), `${page}/${id}`));
    });
  }
}

/** The same card is the same picture: drawn once while it is among the last that were asked for. */
function drawnOnce(): (card: Card) => Promise<Buffer> {
  const drawn = new Map<string, Promise<Buffer>>();
  return (card) => {
    const key = JSON.stringify(card);
    const known = drawn.get(key);
    const picture = known ?? drawCard(card);
    // Last asked for, last to go.
    drawn.delete(key);
    drawn.set(key, picture);
    picture.catch(() => drawn.delete(key));
    const [oldest] = drawn.keys();
    if (drawn.size > MOST && oldest !== undefined) drawn.delete(oldest);
    return picture;
  };
}
