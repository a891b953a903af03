import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  OracleError,
  wireAbstention,
  wireAddress,
  wireAttempts,
  wireHex32,
  wireSeconds,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import { commitLimits } from "../contract.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { receiveAbstention } from "./abstentions.ts";
import { questionAttempts } from "./story.ts";

const tags = ["oracle"];

/** What was tried to get answers, below /v1. */
export function resolutionRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.get(
    "/v1/questions/:id/attempts",
    {
      schema: {
        operationId: "listAttempts",
        tags,
        summary: "What was tried to get an answer, oldest first, each with its reason",
        params: z.object({ id: wireHex32 }),
        querystring: z.object({
          /** How many were seen. */
          cursor: z
            .string()
            .regex(/^\d{1,6}$/)
            .optional(),
          limit: z.coerce.number().int().min(1).max(200).default(100),
        }),
        response: { 200: wireAttempts },
      },
    },
    async ({ params: { id }, query: { cursor, limit } }) => {
      const [question, now, limits] = await Promise.all([
        questionById(db, id),
        chainTime(deps.hub),
        commitLimits(deps.hub, deps.addresses),
      ]);
      if (!question) throw OracleError.unknown_question({ question: id });
      const attempts = await questionAttempts(db, question, now, limits);
      const from = Number(cursor ?? 0);
      const items = attempts.slice(from, from + limit);
      return { items, next: from + limit < attempts.length ? String(from + limit) : null };
    },
  );
  app.post(
    "/v1/abstentions",
    {
      // Limited as all writing is.
      config: { scope: "report-receipts", cost: 0 },
      schema: {
        operationId: "handOverAbstention",
        tags,
        summary: "Hand over a provider's signed word that it looked and cannot tell, and why",
        body: wireAbstention,
        response: { 200: z.object({ question: wireHex32, signer: wireAddress, at: wireSeconds }) },
      },
    },
    ({ body }) => receiveAbstention(deps, body),
  );
}
