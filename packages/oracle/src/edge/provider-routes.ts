import type { Address } from "@sooth/kernel";
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
  prepareStake,
  prepareWithdraw,
} from "./prepare-provider.ts";
import { providerDetail } from "./provider-detail.ts";
import { listProviders } from "./providers.ts";
import { reputationOf } from "./reputation/reputation-of.ts";
import { providerRules } from "./stake-view.ts";

const tags = ["providers"];

/** Who provides answers, and what their owners' wallets are asked to do. */
export function providerRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.get(
    "/v1/providers",
    {
      schema: {
        operationId: "listProviders",
        tags,
        summary: "Providers by weight, and the rules that hold for all of them",
        response: { 200: wireProviderList },
      },
    },
    async () => {
      const [items, rules] = await Promise.all([listProviders(db), providerRules(deps)]);
      return { items, rules };
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
        providerDetail(db, owner.toLowerCase(), rules.unbondingSeconds),
        reputationOf(db, owner),
      ]);
      if (!detail) throw OracleError.unknown_provider({ owner });
      return { ...detail, rules, reputation };
    },
  );
  prepareRoutes(app, deps);
}

const schema = <B extends z.ZodType>(operationId: string, summary: string, body: B) => ({
  schema: { operationId, tags, summary, body, response: { 200: wirePreparedProvider } },
});

function prepareRoutes(app: App, deps: ApiDeps): void {
  app.post(
    "/v1/providers/prepare/join",
    schema("prepareJoin", "What the signing key and the owner's wallet sign to join", wirePrepareJoin),
    ({ body }) => prepareJoin(deps, body),
  );
  app.post(
    "/v1/providers/prepare/rotate",
    schema("prepareRotate", "What both sign to change the signing key", wirePrepareRotate),
    ({ body }) => prepareRotate(deps, body),
  );
  app.post(
    "/v1/providers/prepare/stake",
    schema("prepareAddStake", "The calls that add to a stake", wirePrepareStake),
    ({ body }) => prepareStake(deps, body),
  );
  app.post(
    "/v1/providers/prepare/domains",
    schema("prepareDomains", "The call that chooses the domains served", wirePrepareDomains),
    ({ body }) => prepareDomains(deps, body),
  );
  app.post(
    "/v1/providers/prepare/juror",
    schema("prepareJuror", "The call that tells whether one sits on juries", wirePrepareJuror),
    ({ body }) => prepareJuror(deps, body),
  );
  app.post(
    "/v1/providers/prepare/leave",
    schema("prepareLeave", "The call that starts unbonding, and when the stake is free", wirePrepareOwner),
    ({ body }) => prepareLeave(deps, body.owner as Address),
  );
  app.post(
    "/v1/providers/prepare/withdraw",
    schema("prepareWithdraw", "The call that pays out an unbonded stake", wirePrepareOwner),
    ({ body }) => prepareWithdraw(deps, body.owner as Address),
  );
  app.post(
    "/v1/providers/prepare/claim",
    schema(
      "prepareEarnings",
      "The call that pays out what the oracle holds for an account",
      wirePrepareOwner,
    ),
    ({ body }) => prepareClaim(deps, body.owner as Address),
  );
}
