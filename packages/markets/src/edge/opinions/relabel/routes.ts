import { chainTime } from "@sooth/oracle";
import type { App } from "@sooth/runtime";
import { type SessionsConfig, signedIn } from "@sooth/sessions";
import { wireRelabelling } from "../../../core/index.ts";
import type { Deps } from "../../deps.ts";
import { byId } from "../../routes/market-routes.ts";
import { opinionMarketOr404 } from "../market-rows.ts";
import { openSheetReader } from "../sheet-reader.ts";
import { relabel } from "./relabel.ts";
import { viewRelabelling } from "./relabel-view.ts";

type RelabelDeps = Omit<Deps, "config"> & { config: Deps["config"] & Partial<SessionsConfig> };

/** Every provider's sheet is read for it; who waits asks once a second or two. */
const READ = { rateLimit: { max: 120, timeWindow: 60_000 } };
const WRITE = { rateLimit: { max: 20, timeWindow: 60_000 } };

/** What this deployment's own analysts say of opinions whose score waits for signatures. */
export function relabelRoutes(app: App, deps: RelabelDeps): void {
  const { db } = deps.store;
  const readSheetOf = openSheetReader(db);
  const stopped = new AbortController();
  const working = new Set<Promise<void>>();
  app.addHook("onClose", async () => {
    stopped.abort();
    await Promise.all(working);
  });
  const view = async (id: string) =>
    viewRelabelling(deps, await opinionMarketOr404(db, id), { now: await chainTime(deps.hub), readSheetOf });

  app.get(
    "/v1/opinion-markets/:id/relabel",
    {
      config: READ,
      schema: {
        operationId: "getRelabelling",
        tags: ["opinions"],
        summary:
          "What this deployment's own analysts say of a market's opinions, against each provider's labels",
        description: "It is there once a member of the committee asked for it. Nothing is settled by it.",
        params: byId,
        response: { 200: wireRelabelling },
      },
    },
    ({ params }) => view(params.id),
  );

  app.post(
    "/v1/opinion-markets/:id/relabel",
    {
      config: WRITE,
      schema: {
        operationId: "relabelMarket",
        tags: ["opinions"],
        summary:
          "Has a market's opinions labelled again by this deployment's own analysts; for members who are signed in",
        description:
          "Answers at once; ask for how it stands until it is done. What the same analysts said of the same opinions is not made twice.",
        params: byId,
        response: { 202: wireRelabelling },
      },
    },
    async (request, reply) => {
      const member = await signedIn(deps, request);
      const market = await opinionMarketOr404(db, request.params.id);
      const begun = await relabel(deps, market, member, stopped.signal);
      if (begun) {
        working.add(begun.work);
        void begun.work.finally(() => working.delete(begun.work));
      }
      return reply.code(202).send(await view(market.id));
    },
  );
}
