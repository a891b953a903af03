import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  OracleError,
  wireAddress,
  wirePreparedProvider,
  wirePrepareDomains,
  wirePrepareJoin,
  wirePrepareJuror,
  wirePrepareOwner,
  wirePrepareRotate,
  wirePrepareSeat,
  wirePrepareStake,
  wireProviderDetail,
  wireProviderList,
  wireReputation,
} from "../core/index.ts";
import type { ApiDeps } from "./deps.ts";
import {
  prepareClaim,
  prepareDomains,
  prepareJoin,
  prepareJuror,
  prepareLeave,
  prepareRotate,
  prepareSeat,
  prepareStake,
  prepareWithdraw,
} from "./prepare-provider.ts";
import { providerDetail } from "./provider-detail.ts";
import { countsPerBlock } from "./provider-counts.ts";
import { listProviders, readProviderCursor } from "./providers.ts";
import { reputationOf } from "./reputation/reputation-of.ts";
import { providerRules } from "./stake-view.ts";

const tags = ["providers"];

/** Who provides answers, and what their owners' wallets are asked to do. */
export function providerRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  const countsOf = countsPerBlock(deps);
  app.get(
    "/v1/providers",
    {
      schema: {
        operationId: "listProviders",
        tags,
        summary: "Providers by weight, those without a seat last, and the rules that hold for all of them",
        querystring: z.object({
          owner: wireAddress.optional(),
          signer: wireAddress.optional(),
          cursor: z.string().max(130).optional(),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: wireProviderList },
      },
    },
    async ({ query: { cursor, ...filter } }) => {
      const after = cursor === undefined ? undefined : readProviderCursor(cursor);
      const [{ totalWeight, ...page }, rules] = await Promise.all([
        listProviders(db, { ...filter, after }, countsOf),
        providerRules(deps),
      ]);
      return { ...page, totalWeight: String(totalWeight), rules };
    },
  );
  app.get(
    "/v1/providers/:owner",
    {
      schema: {
        operationId: "getProvider",
        tags,
        summary: "A provider: seats and weight over time, and which answers he signed or missed",
        params: z.object({ owner: wireAddress }),
        response: { 200: wireProviderDetail.extend({ reputation: z.array(wireReputation) }) },
      },
    },
    async ({ params: { owner } }) => {
      const rules = await providerRules(deps);
      const [detail, reputation] = await Promise.all([
        providerDetail(db, owner.toLowerCase(), rules.unbondingSeconds, countsOf),
        reputationOf(db, owner),
      ]);
      if (!detail) throw OracleError.unknown_provider({ owner });
      return { ...detail, rules, reputation };
    },
  );
  prepareRoutes(app, deps);
}

type Prepare = {
  path: string;
  operationId: string;
  summary: string;
  body: z.ZodType;
  run: (deps: ApiDeps, asked: never) => Promise<z.infer<typeof wirePreparedProvider>>;
};
const prepare = <B extends z.ZodType>(
  path: string,
  operationId: string,
  summary: string,
  body: B,
  run: (deps: ApiDeps, asked: z.infer<B>) => ReturnType<Prepare["run"]>,
): Prepare => ({ path, operationId, summary, body, run });

const PREPARES: readonly Prepare[] = [
  prepare(
    "join",
    "prepareJoin",
    "What the signing key and the owner's wallet sign to join",
    wirePrepareJoin,
    prepareJoin,
  ),
  prepare(
    "rotate",
    "prepareRotate",
    "What both sign to change the signing key",
    wirePrepareRotate,
    prepareRotate,
  ),
  prepare("stake", "prepareAddStake", "The calls that add to a stake", wirePrepareStake, prepareStake),
  prepare(
    "domains",
    "prepareDomains",
    "The call that chooses the domains served",
    wirePrepareDomains,
    prepareDomains,
  ),
  prepare(
    "seat",
    "prepareSeat",
    "The call that takes a seat from the bench, and whose it is where all are taken",
    wirePrepareSeat,
    prepareSeat,
  ),
  prepare(
    "juror",
    "prepareJuror",
    "The call that tells whether one sits on juries, and whose place it takes where all are taken",
    wirePrepareJuror,
    prepareJuror,
  ),
  prepare(
    "leave",
    "prepareLeave",
    "The call that starts unbonding, and when the stake is free",
    wirePrepareOwner,
    prepareLeave,
  ),
  prepare(
    "withdraw",
    "prepareWithdraw",
    "The call that pays out an unbonded stake",
    wirePrepareOwner,
    prepareWithdraw,
  ),
  prepare(
    "claim",
    "prepareEarnings",
    "The calls that pay out what oracle and stake manager hold for an account",
    wirePrepareOwner,
    prepareClaim,
  ),
];

function prepareRoutes(app: App, deps: ApiDeps): void {
  const response = { 200: wirePreparedProvider };
  for (const { path, run, ...told } of PREPARES)
    app.post(
      `/v1/providers/prepare/${path}`,
      { schema: { ...told, tags, response } },
      // The row's schema has read it; a list of rows forgets which.
      ({ body }) => run(deps, body as never),
    );
}
