import { wireAddress } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { wireFaults } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { ASKED_STATES, listFaults } from "./faults.ts";

/** A page of proofs is put together anew from many batches. */
const RATE = { rateLimit: { max: 300, timeWindow: 60_000 } };
/** Nobody is harmed by a list that is some seconds old: what it proves stays so. */
const FRESH = "public, max-age=5";

/** What is known against those who attest, each with the call that proves it, for whoever likes to send it. */
export function faultRoutes(app: App, { store }: Pick<Deps, "store">): void {
  app.get(
    "/v1/bundles/faults",
    {
      config: RATE,
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
          provable: z
            .enum(["true", "false"])
            .optional()
            .describe("true: only what a contract takes; false: only what no contract can see"),
          cursor: z.string().min(1).max(500).optional().describe("`next` of the page before"),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: wireFaults },
      },
    },
    async ({ query }, reply) => {
      const provable = query.provable === undefined ? undefined : query.provable === "true";
      const page = await listFaults(store.db, { ...query, provable });
      void reply.header("cache-control", FRESH);
      return page;
    },
  );
}
