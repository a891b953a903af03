import { wireAddress } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { wireFaults } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { ASKED_STATES, listFaults } from "./faults.ts";

/** What is known against those who attest, each with the call that proves it, for whoever likes to send it. */
export function faultRoutes(app: App, { store }: Pick<Deps, "store">): void {
  app.get(
    "/v1/bundles/faults",
    {
      schema: {
        operationId: "listAttesterFaults",
        tags: ["bundles"],
        summary:
          "Facts that attesters should not have signed, and the proofs of them, latest first, a page at a time",
        querystring: z.object({
          signer: wireAddress.optional().describe("the key that signed"),
          state: z
            .enum(ASKED_STATES)
            .optional()
            .describe("what came of it; open: all that nobody was punished for"),
          cursor: z.string().min(1).max(500).optional().describe("`next` of the page before"),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: wireFaults },
      },
    },
    ({ query }) => listFaults(store.db, query),
  );
}
