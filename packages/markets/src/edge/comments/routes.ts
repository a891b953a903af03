import { type SessionsConfig, signedIn, whoReads } from "@sooth/sessions";
import { chainTime } from "@sooth/oracle";
import { wireHex32 } from "@sooth/oracle/core";
import { type App, plainText } from "@sooth/runtime";
import { z } from "zod";
import {
  MOST_CHARACTERS,
  reactionKind,
  replyPage,
  threadPage,
  wireComment,
  wireCommentId,
  wireReacted,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { repliesTo, threadsOf } from "./read.ts";
import { addComment, deleteComment, needMarket, react } from "./write.ts";

const tags = ["comments"];
const cursor = z.string().min(1).max(200).optional().describe("`next` of the page before");
const limit = z.coerce.number().int().min(1).max(50).default(20);
const byId = z.object({ id: wireCommentId });
const byKind = z.object({ id: wireCommentId, kind: reactionKind });
const newComment = z.object({
  market: wireHex32.describe("a pool's id, or an opinion market's"),
  parent: wireCommentId.nullable().default(null).describe("the thread that it replies to"),
  /** Plain text of 1 to 5,000 characters; it is shown as it is. */
  text: plainText({ min: 1, max: MOST_CHARACTERS }),
});
/** From one address in a minute; each person has bounds of his own besides. */
const RATE = { rateLimit: { max: 120, timeWindow: 60_000 } };

type CommentDeps = Omit<Deps, "config"> & { config: Deps["config"] & Partial<SessionsConfig> };

/** Answers that name what is the reader's own: nobody else may be given the same. */
export const PERSONAL = { "cache-control": "private, no-cache", vary: "cookie" };

/** What people say below markets. Everybody reads; whoever is signed in writes. */
export function commentRoutes(app: App, deps: CommentDeps): void {
  const { db } = deps.store;
  const readerOf = async (request: Parameters<typeof whoReads>[1]) =>
    (await whoReads(deps, request))?.address ?? null;

  app.get(
    "/v1/comments",
    {
      schema: {
        operationId: "listComments",
        tags,
        summary: "Threads below a market, the newest first, with what their authors have at stake there",
        querystring: z.object({ market: wireHex32, cursor, limit }),
        response: { 200: threadPage },
      },
    },
    async (request, reply) => {
      const market = request.query.market.toLowerCase();
      await needMarket(db, market);
      reply.headers(PERSONAL);
      return threadsOf(db, market, request.query, await readerOf(request));
    },
  );
  app.get(
    "/v1/comments/:id/replies",
    {
      schema: {
        operationId: "listReplies",
        tags,
        summary: "Replies to a thread, the oldest first",
        params: byId,
        querystring: z.object({ cursor, limit }),
        response: { 200: replyPage },
      },
    },
    async (request, reply) => {
      reply.headers(PERSONAL);
      return repliesTo(db, request.params.id, request.query, await readerOf(request));
    },
  );
  app.post(
    "/v1/comments",
    {
      config: RATE,
      schema: {
        operationId: "postComment",
        tags,
        summary: "Say something below a market, as who is signed in",
        body: newComment,
        response: { 201: wireComment },
      },
    },
    async (request, reply) => {
      const author = await signedIn(deps, request);
      const { market, parent, text } = request.body;
      const wanted = { market: market.toLowerCase(), parent, author, text };
      return reply.code(201).send(await addComment(deps, wanted, await chainTime(deps.hub)));
    },
  );
  app.delete(
    "/v1/comments/:id",
    {
      config: RATE,
      schema: {
        operationId: "deleteComment",
        tags,
        summary: "Take back what you said; its place stays, its text is forgotten",
        params: byId,
        response: { 200: wireComment },
      },
    },
    async (request, reply) =>
      reply.send(await deleteComment(deps.store, request.params.id, await signedIn(deps, request))),
  );
  for (const [method, operationId, summary] of [
    ["PUT", "react", "React to a comment; once of each kind, however often it is sent"],
    ["DELETE", "takeReactionBack", "Take a reaction back"],
  ] as const)
    app.route({
      method,
      url: "/v1/comments/:id/reactions/:kind",
      config: RATE,
      schema: { operationId, tags, summary, params: byKind, response: { 200: wireReacted } },
      handler: async (request) => {
        const who = await signedIn(deps, request);
        const { id, kind } = request.params;
        return react(deps.store, { id, who, kind, wanted: method === "PUT" }, await chainTime(deps.hub));
      },
    });
}
