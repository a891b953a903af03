import { chainTime } from "@sooth/oracle";
import { wireAddress } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { scoredOpinionPage } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import type { ReadCache } from "../read-cache.ts";
import { byId } from "../routes/market-routes.ts";
import { sendJson } from "../routes/send-json.ts";
import { opinionMarketOr404 } from "./market-rows.ts";
import { scoresOf } from "./scores.ts";
import { openSheetReader } from "./sheet-reader.ts";

/** Sheets of megabytes are read for it; who turns pages asks once a page. */
const DEAR = { rateLimit: { max: 120, timeWindow: 60_000 } };

/** What was said of each opinion, and what it comes to for its owner. */
export function scoreRoutes(
  app: App,
  { store: { db }, hub }: Pick<Deps, "store" | "hub">,
  cache: ReadCache,
): void {
  const readSheetOf = openSheetReader(db);
  app.get(
    "/v1/opinion-markets/:id/scores",
    {
      config: DEAR,
      schema: {
        operationId: "listScores",
        tags: ["opinions"],
        summary: "Each opinion's labels by analyst, weight and pay-out, with the sheets that say so",
        description:
          "Labels come with the answer, weights and pay-outs with the market's score. A sheet's bytes are at /v1/content/{cid}.",
        params: byId,
        querystring: z.object({
          owner: wireAddress.optional(),
          sort: z.enum(["newest", "largest"]).default("largest"),
          cursor: z.string().min(1).max(200).optional().describe("`next` of the page before"),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
        response: { 200: scoredOpinionPage },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const view = async () => {
        const [market, now] = await Promise.all([opinionMarketOr404(db, id), chainTime(hub)]);
        return scoresOf(db, market, query, { now, readSheetOf });
      };
      const key = `scores of ${id} ${JSON.stringify(query)}`;
      return sendJson(reply, await cache.json(key, scoredOpinionPage, view, { market: id }));
    },
  );
}
