import { wireAddress } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { wireFaults } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { listFaults } from "./faults.ts";

/** What is known against those who attest, each with the call that proves it, for whoever likes to send it. */
export function faultRoutes(app: App, { store }: Pick<Deps, "store">): void {
  app.get(
    "/v1/bundles/faults",
    {
      schema: {
        operationId: "listAttesterFaults",
        tags: ["bundles"],
        summary: "Facts that attesters should not have signed, and the proofs of them, latest first",
        querystring: z.object({
          signer: wireAddress.optional().describe("the key that signed"),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: wireFaults },
      },
    },
    async ({ query }) => ({ faults: await listFaults(store.db, query) }),
  );
}
