import type { Hex } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import { z } from "zod";
import { GatewayError, wireHex32, wireSignedAnswer, wireSignedReceipt } from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { signedAnswers } from "./answers.ts";
import { minedReceipts, questionReceipt, sendAsk } from "./asks.ts";
import { serverTime } from "./callers.ts";
import { keyRoutes } from "./key-routes.ts";
import { receiptById } from "./receipts.ts";

const tags = ["gateway"];
const MOST_AT_ONCE = 100;
/** A transaction that asks costs the chain a try and us a sending. */
const ASK_COST = 5;

const batchBody = z.object({
  /** At most 100. One that is no id, or unknown, gets an error of its own. */
  questions: z.array(z.string().max(128)).min(1).max(MOST_AT_ONCE),
});
const wireBatchItem = z.object({
  question: z.string(),
  signed: wireSignedAnswer.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
const askBody = z.union([
  z.object({ question: wireHex32 }).describe("one that the server has seen"),
  z.object({ hash: wireHex32 }).describe("a mined transaction that asked"),
  z.object({ transaction: z.string().regex(/^0x(?:[0-9a-f]{2}){1,100000}$/) }).describe("signed, to be sent"),
]);

/** The gateway's part of the API: signed answers, receipts, and keys. */
export function gatewayRoutes(app: App, deps: ApiDeps): void {
  const account = () => {
    if (!deps.gatewayKey) throw GatewayError.not_signing(undefined);
    return deps.gatewayKey;
  };
  answerRoutes(app, deps, account);
  receiptRoutes(app, deps, account);
  keyRoutes(app, deps);
}

function answerRoutes(app: App, deps: ApiDeps, account: () => LocalAccount): void {
  const held = deps.gatewayKey && signedAnswers(deps, deps.gatewayKey);
  const answers = () => held ?? signedAnswers(deps, account());
  app.get(
    "/v1/oracle/answers/:question",
    {
      config: { scope: "read" },
      schema: {
        operationId: "getAnswer",
        tags,
        summary: "How a question stands, signed by the gateway",
        params: z.object({ question: wireHex32 }),
        response: { 200: wireSignedAnswer },
      },
    },
    async ({ params: { question } }, reply) => {
      const { state, signed } = await answers().one(question, serverTime());
      // The state alone: while nothing changed for the question, a newer block says nothing new.
      void reply.header("etag", `W/"${state}"`);
      // Whoever keeps it asks again before he uses it; what is in between keeps nothing that could change.
      void reply.header("cache-control", "no-cache");
      return signed;
    },
  );
  app.post(
    "/v1/oracle/answers",
    {
      config: { scope: "read", cost: ({ body }) => (body as z.infer<typeof batchBody>).questions.length },
      schema: {
        operationId: "getAnswers",
        tags,
        summary: "How up to 100 questions stand, each signed by itself",
        body: batchBody,
        response: { 200: z.object({ items: z.array(wireBatchItem) }) },
      },
    },
    async ({ body: { questions } }) => {
      const items = await answers().batch(questions, serverTime());
      return {
        items: items.map(({ question, signed, error }) => ({
          question,
          signed,
          error: error && { code: error.code, message: error.message },
        })),
      };
    },
  );
}

function receiptRoutes(app: App, deps: ApiDeps, account: () => LocalAccount): void {
  app.get(
    "/v1/receipts/:id",
    {
      config: { scope: "report-receipts" },
      schema: {
        operationId: "getReceipt",
        tags,
        summary: "A receipt that the gateway gave",
        params: z.object({ id: wireHex32 }),
        response: { 200: wireSignedReceipt },
      },
    },
    ({ params: { id } }) => receiptById(deps.store.db, id),
  );
  app.post(
    "/v1/receipts/asks",
    {
      config: { scope: "report-receipts", cost: ASK_COST },
      schema: {
        operationId: "confirmAsk",
        tags,
        summary:
          "Signed receipts for what was asked: by question, by mined transaction, or by one to be sent",
        body: askBody,
        response: { 200: z.object({ receipts: z.array(wireSignedReceipt) }) },
      },
    },
    async ({ body }) => {
      if ("transaction" in body)
        return { receipts: [await sendAsk(deps, account(), body.transaction as Hex)] };
      if ("hash" in body) return { receipts: await minedReceipts(deps, account(), body.hash as Hex) };
      return { receipts: [await questionReceipt(deps, account(), body.question as Hex)] };
    },
  );
}
