import { wireAddress, wireHex32 } from "@sooth/oracle/core";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  BUNDLE_STATUSES,
  bundlesPage,
  MODES,
  wireBundleDetail,
  wireBundleId,
  wireBundleQuote,
  wireBundleTrial,
  wireHandOverLegs,
  wireLanes,
  wireLegHashes,
  wireOpenBundle,
  wirePayer,
  wirePrepareBundle,
  wirePreparedBundle,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { readLanes } from "../lanes.ts";
import { draftBundle, prepareBundle } from "../prepare-bundle.ts";
import { quoteBundle } from "../quote/quote-bundle.ts";
import { tryBundle } from "../quote/try-bundle.ts";
import { readBundle, readBundles } from "../read-bundle.ts";
import { readHashes, takeLegs, takeOpening, takePayer } from "../take-bundle.ts";

const byId = z.object({ id: wireHex32 });
const listQuery = z.object({
  owner: wireAddress.optional(),
  mode: z.enum(MODES).optional(),
  status: z.enum(BUNDLE_STATUSES).optional(),
  chain: z.coerce.number().int().positive().optional().describe("id of a chain that a leg is on"),
  cursor: z.string().min(1).max(200).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const tags = ["bundles"];
/** Each of these asks nodes of several chains, so strangers by the thousand would be paid in RPC calls. */
const ASKS_CHAINS = { rateLimit: { max: 120, timeWindow: 60_000 } };
/** Attesters ask once for each bundle whose legs are private: several behind one address, 100 bundles a second. */
const LEARNS = { rateLimit: { max: 30_000, timeWindow: 60_000 } };
const KEEPS = { rateLimit: { max: 60, timeWindow: 60_000 } };

/** Anybody may read and ask; what is kept is signed by its owner, or hashes to what he signed. */
export function bundleRoutes(app: App, deps: Deps): void {
  app.get(
    "/v1/bundles",
    {
      schema: {
        operationId: "listBundles",
        tags,
        summary: "Bundles that the hub opened, latest first, a page at a time",
        querystring: listQuery,
        response: { 200: bundlesPage },
      },
    },
    ({ query }) => readBundles(deps, query),
  );

  app.get(
    "/v1/bundles/lanes",
    {
      config: ASKS_CHAINS,
      schema: {
        operationId: "listBundleLanes",
        tags,
        summary: "Lanes between two chains that are bounded, and what each takes now",
        response: { 200: wireLanes },
      },
    },
    () => readLanes(deps),
  );

  app.get(
    "/v1/bundles/:id",
    {
      config: { rateLimit: { max: 600, timeWindow: 60_000 } },
      schema: {
        operationId: "getBundle",
        tags,
        summary: "One bundle: how far it is, and what can be sent now",
        description:
          "Legs that are private are shown once they were in a transaction. In `calls` that bring legs the relayer is the zero address: whoever sends one of them puts in his own, or the share goes to the owner.",
        params: byId,
        response: { 200: wireBundleDetail },
      },
    },
    ({ params }) => readBundle(deps, params.id),
  );

  app.get(
    "/v1/bundles/:id/trial",
    {
      config: ASKS_CHAINS,
      schema: {
        operationId: "tryBundle",
        tags,
        summary: "Tries every leg that could be brought now, and says why it would fail",
        description:
          "A leg is tried when what it needs is known, with what it takes from others put in. Of private legs nothing is said.",
        params: byId,
        response: { 200: wireBundleTrial },
      },
    },
    ({ params }) => tryBundle(deps, params.id),
  );

  app.get(
    "/v1/bundles/:id/hashes",
    {
      config: LEARNS,
      schema: {
        operationId: "getBundleHashes",
        tags,
        summary: "Header and leg hashes, which say nothing of private legs; attesters need them",
        params: byId,
        response: { 200: wireLegHashes },
      },
    },
    ({ params }) => readHashes(deps, params.id),
  );

  app.post(
    "/v1/bundles/prepare",
    {
      config: ASKS_CHAINS,
      schema: {
        operationId: "prepareBundle",
        tags,
        summary: "What to sign for a bundle, and the calls that open and prepare it",
        body: wirePrepareBundle,
        response: { 200: wirePreparedBundle },
      },
    },
    ({ body }) => prepareBundle(deps, body),
  );

  app.post(
    "/v1/bundles/quote",
    {
      config: ASKS_CHAINS,
      schema: {
        operationId: "quoteBundle",
        tags,
        summary: "Tries every leg as things stand, and says what relaying would cost and take",
        body: wirePrepareBundle,
        response: { 200: wireBundleQuote },
      },
    },
    async ({ body }) => {
      const { bundle, legs, fee } = await draftBundle(deps, body);
      const { owner, mode } = bundle;
      return quoteBundle(deps, { owner, mode, legs, fee, isPrivate: body.private ?? false });
    },
  );

  app.post(
    "/v1/bundles",
    {
      config: KEEPS,
      schema: {
        operationId: "openBundle",
        tags,
        summary:
          "Hands over a bundle that its owner signed, to be opened and relayed; his credit at the hub pays the fee",
        body: wireOpenBundle,
        response: { 201: wireBundleId },
      },
    },
    async (request, reply) => reply.code(201).send(await takeOpening(deps, request.body)),
  );

  app.post(
    "/v1/bundles/:id/legs",
    {
      config: KEEPS,
      schema: {
        operationId: "handOverLegs",
        tags,
        summary:
          "Hands over the legs of a bundle that was opened without them; only relayers see them before they ran",
        params: byId,
        body: wireHandOverLegs,
        response: { 200: wireBundleId },
      },
    },
    ({ params, body }) => takeLegs(deps, params.id, body),
  );

  app.post(
    "/v1/bundles/:id/payers",
    {
      config: KEEPS,
      schema: {
        operationId: "addBundlePayer",
        tags,
        summary: "Lets a relayer bring what an escrow holds, by its payer's signature over the bundle's id",
        params: byId,
        body: wirePayer,
        response: { 200: wireBundleId },
      },
    },
    ({ params, body }) => takePayer(deps, params.id, body),
  );
}
