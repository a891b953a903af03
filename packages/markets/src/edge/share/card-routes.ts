import { collateralToken } from "@sooth/chain";
import type { Amount } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { formatFixedPoint, groupThousands } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { type Card, marketStatusAt, opinionCard, opinionStatusAt, poolCard } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { opinionMarketOr404 } from "../opinions/market-rows.ts";
import { byId, marketOr404 } from "../routes/market-routes.ts";
import { drawCard } from "./draw-card.ts";
import { embedPage } from "./embed-page.ts";

/** Networks ask for a picture once and keep it; what changes within a minute nobody misses. */
const FRESH = "public, max-age=60";
const EMBEDDED = "default-src 'none';style-src 'unsafe-inline';frame-ancestors *";
const pictureOf = (what: string) => `A picture of ${what}, 1200 by 630 pixels, PNG`;
/** Pictures kept drawn: some 40 kB each. */
const MOST = 200;

/** What other sites show of a market: its picture beside a link, and itself in a frame. */
export function cardRoutes(app: App, deps: Deps): void {
  const draw = drawnOnce();
  const money = async (amount: Amount): Promise<string> => {
    const { symbol, decimals } = await collateralToken(deps.hub, deps.addresses);
    return `${groupThousands(formatFixedPoint(amount, decimals))} ${symbol}`;
  };
  const poolOf = async (id: string): Promise<Card> => {
    const market = await marketOr404(deps, id);
    const now = await chainTime(deps.hub);
    const { title, labels, pools, stakers, terms, ending } = market;
    const status = marketStatusAt(terms.closesAt, ending, now);
    return poolCard({
      title,
      labels,
      pools,
      stakers,
      status,
      winner: status === "settled" && ending.result.kind === "won" ? ending.result.winner : null,
      money: await money(market.volume),
    });
  };
  const opinionsOf = async (id: string): Promise<Card> => {
    const { statement, terms, ending, seed, result, book } = await opinionMarketOr404(deps.store.db, id);
    const facts = { ...terms, ending, drawn: seed !== null };
    return opinionCard({
      statement,
      status: opinionStatusAt(facts, await chainTime(deps.hub)),
      result,
      staked: book.staked,
      opinions: book.count,
      money: await money(book.volume),
    });
  };

  const shown = [
    {
      picture: "/v1/markets/:id/card.png",
      frame: "/embed/markets/:id",
      page: "/markets",
      schema: { operationId: "getMarketCard", tags: ["markets"], summary: pictureOf("a market") },
      cardOf: poolOf,
    },
    {
      picture: "/v1/opinion-markets/:id/card.png",
      frame: "/embed/opinions/:id",
      page: "/opinions",
      schema: { operationId: "getOpinionCard", tags: ["opinions"], summary: pictureOf("an opinion market") },
      cardOf: opinionsOf,
    },
  ];
  for (const { picture, frame, page, schema, cardOf } of shown) {
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
    // A page, for the frames of other sites: no script, and nothing of the reader's is sent anywhere.
    app.get(frame, { schema: { hide: true, params: byId } }, async (request, reply) => {
      const { id } = request.params;
      return reply
        .headers({ "cache-control": FRESH, "content-security-policy": EMBEDDED })
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
