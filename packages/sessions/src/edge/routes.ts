import type { App } from "@sooth/runtime";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { wireNonce, wireSession, wireSignIn } from "../core/index.ts";
import { noCookie, sessionCookie, shownToken } from "./cookie.ts";
import { type Deps, serverTime } from "./deps.ts";
import { needSameOrigin } from "./origin.ts";
import { signIn } from "./sign-in.ts";
import { endSession, giveNonce } from "./store.ts";
import { whoReads } from "./who.ts";

const tags = ["session"];
/** Of one address, in a minute. A contract's signature costs a node's time, and a nonce a row. */
const RATE = { rateLimit: { max: 30, timeWindow: 60_000 } };
const everywhere = z
  .enum(["true", "false"])
  .default("false")
  .describe("ends every session of this wallet, not this one alone");

const unshared = (reply: FastifyReply): FastifyReply => reply.header("cache-control", "no-store");

/** Sign-in with Ethereum (EIP-4361): a message that a wallet signs, and a cookie that pages of this site alone can use. */
export function sessionRoutes(app: App, deps: Deps): void {
  const { db } = deps.store;
  app.post(
    "/v1/session/nonce",
    {
      config: RATE,
      schema: {
        operationId: "giveNonce",
        tags,
        summary: "A nonce to sign in with, good once and for ten minutes",
        response: { 200: wireNonce },
      },
    },
    async (_request, reply) => {
      unshared(reply);
      const issuedAt = serverTime();
      return { ...(await giveNonce(db, issuedAt)), issuedAt };
    },
  );
  app.post(
    "/v1/session",
    {
      config: RATE,
      schema: {
        operationId: "signIn",
        tags,
        summary: "Sign in with an EIP-4361 message that the wallet signed; the session is a cookie",
        description:
          "From pages of this site alone. The message names this site, the hub's chain and a nonce from `/v1/session/nonce`.",
        body: wireSignIn,
        response: { 200: wireSession },
      },
    },
    async (request, reply) => {
      const origin = needSameOrigin(request, deps.config);
      const { token, address, expiresAt } = await signIn(deps, request.body, origin);
      void unshared(reply).header("set-cookie", sessionCookie(origin, token));
      return { address, expiresAt };
    },
  );
  app.get(
    "/v1/session",
    {
      schema: {
        operationId: "getSession",
        tags,
        summary: "Who is signed in, if anybody is",
        response: { 200: wireSession },
      },
    },
    async (request, reply) => {
      unshared(reply);
      const session = await whoReads(deps, request);
      return { address: session?.address ?? null, expiresAt: session?.expiresAt ?? null };
    },
  );
  app.delete(
    "/v1/session",
    {
      schema: {
        operationId: "signOut",
        tags,
        summary: "Sign out, here or everywhere",
        querystring: z.object({ everywhere }),
        response: { 200: wireSession },
      },
    },
    async (request, reply) => {
      const origin = needSameOrigin(request, deps.config);
      const token = shownToken(request, origin);
      if (token !== undefined) await endSession(db, token, request.query.everywhere === "true");
      void unshared(reply).header("set-cookie", noCookie(origin));
      return { address: null, expiresAt: null };
    },
  );
}
