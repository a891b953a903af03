import { at } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { approvalPage, wireApproval, wireApprove } from "../../../core/index.ts";
import type { Deps } from "../../deps.ts";
import { byId } from "../../routes/market-routes.ts";
import { opinionMarketOr404 } from "../market-rows.ts";
import { relabelRoutes } from "../relabel/routes.ts";
import { committeeRoutes } from "./committee-routes.ts";
import { listApprovals, viewApprovals, type WireApproval } from "./approval-view.ts";
import { handOverApproval } from "./hand-over.ts";

const listQuery = z.object({
  state: z.enum(["pending", "approved"]).optional().describe("both when not given"),
  cursor: z.string().min(1).max(200).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** What people approve before a market is scored, where a deployment wants that. */
export function approvalRoutes(app: App, deps: Deps): void {
  committeeRoutes(app, deps);
  relabelRoutes(app, deps);
  const { db } = deps.store;
  const tags = ["opinions"];
  const view = async (id: string): Promise<WireApproval> => {
    const now = await chainTime(deps.hub);
    return at(await viewApprovals(deps, [await opinionMarketOr404(db, id)], now), 0);
  };

  app.get(
    "/v1/approvals",
    {
      schema: {
        operationId: "listApprovals",
        tags,
        summary: "Results that wait for the committee, the longest waiting first",
        description: "`committee` is null where this deployment asks nobody, and then nothing waits.",
        querystring: listQuery,
        response: { 200: approvalPage },
      },
    },
    async ({ query }) => listApprovals(deps, query, await chainTime(deps.hub)),
  );

  app.get(
    "/v1/opinion-markets/:id/approval",
    {
      schema: {
        operationId: "getApproval",
        tags,
        summary: "What a market came to, as members sign it, who signed, and what is missing",
        params: byId,
        response: { 200: wireApproval },
      },
    },
    ({ params }) => view(params.id),
  );

  app.post(
    "/v1/opinion-markets/:id/approvals",
    {
      schema: {
        operationId: "approveResult",
        tags,
        summary: "Hands over a member's signature over what a market came to",
        params: byId,
        body: wireApprove,
        response: { 201: wireApproval },
      },
    },
    async ({ params, body }, reply) => {
      await handOverApproval(deps, await opinionMarketOr404(db, params.id), body);
      return reply.code(201).send(await view(params.id));
    },
  );
}
