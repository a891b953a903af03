import type { Hex } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  OracleError,
  page,
  questionKind,
  questionStatus,
  statusOf,
  wireAddress,
  wireCall,
  wireHandedOver,
  wireHandover,
  wireHex32,
  wireItem,
  wireItemProof,
  wireQuestion,
  wireQuestionDetail,
} from "../core/index.ts";
import { chainTime } from "./clock.ts";
import { readCursor } from "./cursor.ts";
import { checkIdempotencyKey, reportReceipt } from "./gateway/receipts.ts";
import { commitRoutes } from "./commit/routes.ts";
import { feedRoutes } from "./feeds/routes.ts";
import { gatewayRoutes } from "./gateway/routes.ts";
import { commitLimits } from "./contract.ts";
import type { ApiDeps } from "./deps.ts";
import { prepareClarification, wirePrepareClarification } from "./clarify.ts";
import { disputeRoutes } from "./dispute-routes.ts";
import { prepareQuestion, wirePreparedQuestion, wirePrepareQuestion } from "./prepare.ts";
import { providerRoutes } from "./provider-routes.ts";
import { questionDetail } from "./question-detail.ts";
import { listQuestions, questionById, toWireQuestion } from "./questions.ts";
import { receiveReport } from "./receive.ts";
import { reputationRoutes } from "./reputation/routes.ts";
import { resolutionRoutes } from "./resolution/routes.ts";
import { evidenceBody } from "./reports.ts";
import { listItems, provedItem } from "./vectors.ts";
import { bodyByHash } from "./security/evidence.ts";
import { securityRoutes } from "./security/routes.ts";

const listQuery = z.object({
  search: z
    .string()
    .max(200)
    .refine((text) => !text.includes("\0"), "holds a NUL character")
    .optional(),
  status: questionStatus.optional(),
  kind: questionKind.optional(),
  asker: wireAddress.optional(),
  cursor: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const tags = ["oracle"];
/** What was hashed never changes. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** The oracle's part of the API, below /v1. */
export function oracleRoutes(app: App, deps: ApiDeps): void {
  readRoutes(app, deps);
  disputeRoutes(app, deps);
  commitRoutes(app, deps);
  feedRoutes(app, deps);
  gatewayRoutes(app, deps);
  securityRoutes(app, deps);
  providerRoutes(app, deps);
  reputationRoutes(app, deps);
  resolutionRoutes(app, deps);
  app.post(
    "/v1/questions/prepare",
    {
      schema: {
        operationId: "prepareQuestion",
        tags,
        summary: "Build a question and the calls that ask it",
        body: wirePrepareQuestion,
        response: { 200: wirePreparedQuestion },
      },
    },
    ({ body }) => prepareQuestion(deps, body),
  );
  app.post(
    "/v1/questions/:id/clarifications/prepare",
    {
      schema: {
        operationId: "prepareClarification",
        tags,
        summary: "Build the call by which the asker says how his question is to be read",
        params: z.object({ id: wireHex32 }),
        body: wirePrepareClarification,
        response: { 200: z.object({ calls: z.array(wireCall) }) },
      },
    },
    ({ params: { id }, body }) => prepareClarification(deps, id as Hex, body),
  );
  app.post(
    "/v1/reports",
    {
      // Limited as all writing is; a key, where one is shown, must be for it.
      config: { scope: "report-receipts", cost: 0 },
      schema: {
        operationId: "handOverReport",
        tags,
        summary: "Hand over a provider's signed report with its evidence",
        description:
          "The same report again gets the same receipt. An Idempotency-Key, if one is sent, is keccak256 of the report's EIP-712 digest and its signature.",
        headers: z.object({ "idempotency-key": wireHex32.optional() }),
        body: wireHandover,
        response: { 200: wireHandedOver },
      },
    },
    async ({ body, headers }) => {
      checkIdempotencyKey(deps, body, headers["idempotency-key"]);
      const taken = await receiveReport(deps, body);
      const { epoch, round } = body;
      const key = { question: taken.question as Hex, round, epoch, signer: taken.signer as Hex };
      return { ...taken, receipt: deps.gatewayKey ? await reportReceipt(deps, deps.gatewayKey, key) : null };
    },
  );
}

function readRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.get(
    "/v1/questions",
    {
      schema: {
        operationId: "listQuestions",
        tags,
        summary: "Questions, newest first",
        querystring: listQuery,
        response: { 200: page(wireQuestion) },
      },
    },
    async ({ query: { cursor, limit, ...filter } }) => {
      const now = await chainTime(deps.hub);
      // One more than asked for tells whether there is a next page.
      const found = await listQuestions(
        db,
        { ...filter, before: cursor === undefined ? undefined : readCursor(cursor), limit: limit + 1 },
        now,
      );
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map((question) => toWireQuestion(question, now)),
        next: last && found.length > limit ? `${last.askedBlock}:${last.askedLog}` : null,
      };
    },
  );
  app.get(
    "/v1/questions/:id",
    {
      schema: {
        operationId: "getQuestion",
        tags,
        summary: "A question, its reports and how the answer came out of them",
        params: z.object({ id: wireHex32 }),
        response: { 200: wireQuestionDetail },
      },
    },
    async ({ params: { id } }) => {
      const [question, now, limits, markets] = await Promise.all([
        questionById(db, id),
        chainTime(deps.hub),
        commitLimits(deps.hub, deps.addresses),
        deps.marketsOf?.(id as Hex) ?? [],
      ]);
      if (!question) throw OracleError.unknown_question({ question: id });
      return questionDetail(db, question, { now, limits, markets });
    },
  );
  app.get(
    "/v1/questions/:id/items",
    {
      schema: {
        operationId: "listItems",
        tags,
        summary: "The answers of an answered vector",
        params: z.object({ id: wireHex32 }),
        querystring: z.object({
          from: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(500).default(100),
        }),
        response: { 200: z.object({ items: z.array(wireItem) }) },
      },
    },
    async ({ params: { id }, query: { from, limit } }) => {
      const question = await questionById(db, id);
      if (!question) throw OracleError.unknown_question({ question: id });
      return { items: await listItems(db, question, from, limit) };
    },
  );
  app.get(
    "/v1/questions/:id/items/:index",
    {
      schema: {
        operationId: "getItem",
        tags,
        summary: "One answer of a vector, with what proves it to the contract",
        params: z.object({ id: wireHex32, index: z.coerce.number().int().min(0) }),
        response: { 200: wireItemProof },
      },
    },
    async ({ params: { id, index } }) => {
      const [question, now] = await Promise.all([questionById(db, id), chainTime(deps.hub)]);
      if (!question) throw OracleError.unknown_question({ question: id });
      return provedItem(db, question, index, now);
    },
  );
  app.get(
    "/v1/evidence/:hash",
    {
      schema: {
        operationId: "getEvidence",
        tags,
        summary:
          "An evidence bundle, the very text that hashes to its name; a provider's not before its question is answered",
        params: z.object({ hash: wireHex32 }),
      },
    },
    async ({ params: { hash } }, reply) => {
      const body = (await unsealed(deps, hash)) ?? (await bodyByHash(db, hash));
      if (body === undefined) throw OracleError.unknown_evidence({ hash });
      return reply
        .header("cache-control", FOR_EVER)
        .type("application/json; charset=utf-8")
        .serializer((text) => text as string)
        .send(body);
    },
  );
}

/** A provider's bundle; sealed like the report that it belongs to. */
async function unsealed(deps: ApiDeps, hash: string): Promise<string | undefined> {
  const found = await evidenceBody(deps.store.db, hash);
  const question = found && (await questionById(deps.store.db, found.question));
  if (!question || statusOf(question.word, await chainTime(deps.hub)) === "open") return undefined;
  return found.body;
}
