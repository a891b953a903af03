import type { App } from "@sooth/runtime";
import { z } from "zod";
import { wirePeriod, wireReceipt, wireRootHandover } from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { periodDetail } from "./reputation-of.ts";
import { receiveRootReport } from "./root-reports.ts";

const tags = ["reputation"];
/** Uint32, as the contract counts periods. */
const number = z.coerce.number().int().min(1).max(4_294_967_295);

/** Periods of reputation, and roots that providers sign. */
export function reputationRoutes(app: App, deps: ApiDeps): void {
  app.get(
    "/v1/epochs/:domain/:number",
    {
      schema: {
        operationId: "getPeriod",
        tags,
        summary: "What a period says of every provider of a domain, with the proofs",
        params: z.object({ domain: z.coerce.number().int().min(0).max(15), number }),
        response: { 200: wirePeriod },
      },
    },
    ({ params }) => periodDetail(deps.store.db, params.domain, params.number),
  );
  app.post(
    "/v1/root-reports",
    {
      // Limited as all writing is; a key, where one is shown, must be for it.
      config: { scope: "report-receipts", cost: 0 },
      schema: {
        operationId: "handOverRoot",
        tags,
        summary: "Hand over the root that a provider signed for a Root question",
        body: wireRootHandover,
        response: { 200: wireReceipt },
      },
    },
    ({ body }) => receiveRootReport(deps, body),
  );
}
