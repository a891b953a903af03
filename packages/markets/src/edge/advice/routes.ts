import { type App, plainText } from "@sooth/runtime";
import { type SessionsConfig, whoReads } from "@sooth/sessions";
import { z } from "zod";
import { OpinionsError, wireAdvice } from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { adviserOf, advise } from "./advise.ts";

type AdviceDeps = Omit<Deps, "config"> & { config: Deps["config"] & Partial<SessionsConfig> };

/** From one address in a minute. */
const RATE = { rateLimit: { max: 6, timeWindow: 60_000 } };

/** Help with the wording of a statement, where the operator gave a key of a language model. */
export function adviceRoutes(app: App, deps: AdviceDeps): void {
  const stopped = new AbortController();
  app.addHook("onClose", async () => stopped.abort());
  app.post(
    "/v1/opinion-markets/advice",
    {
      config: RATE,
      schema: {
        operationId: "adviseStatement",
        tags: ["opinions"],
        summary: "How a statement could be misread, and a clearer wording, by a language model",
        description:
          "Off where `advice` of the limits is false. The statement is sent to the operator's service of language models, and is not kept; what that says, in which its words come again, is for a day.",
        body: z.object({ statement: plainText({ min: 10, max: 280 }) }),
        response: { 200: wireAdvice },
      },
    },
    async (request, reply) => {
      const adviser = await adviserOf(deps.config, deps.log);
      if (!adviser) throw OpinionsError.advice_off({});
      const who = (await whoReads(deps, request))?.address ?? null;
      const statement = request.body.statement.trim();
      return reply.send(
        await advise(deps.store, adviser, { statement, who, ip: request.ip }, stopped.signal),
      );
    },
  );
}
