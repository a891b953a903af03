import type { Hex } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import { wireApiKey, wireKeyId, wireKeyRequest, wireKeysAnswer, wireTypedData } from "../../core/index.ts";
import type { ApiDeps } from "../deps.ts";
import { serverTime } from "./callers.ts";
import { listKeys, revokeKey } from "./keys.ts";
import { carryOut, prepareKeyRequest } from "./owner-keys.ts";

const tags = ["keys"];
/** Checking a signature is dear, and nobody needs many keys. */
const COST = 10;

/** How a wallet gets keys of its own, and how an operator sees them all. */
export function keyRoutes(app: App, deps: ApiDeps): void {
  app.post(
    "/v1/keys/prepare",
    {
      config: { scope: "read" },
      schema: {
        operationId: "prepareKeyRequest",
        tags,
        summary: "What a wallet signs to create, rotate, revoke or list its keys",
        body: wireKeyRequest.omit({ issuedAt: true, nonce: true }),
        response: { 200: z.object({ request: wireKeyRequest, typedData: wireTypedData }) },
      },
    },
    async ({ body }) => prepareKeyRequest(deps, body, serverTime()),
  );
  app.post(
    "/v1/keys",
    {
      config: { scope: "read", cost: COST },
      schema: {
        operationId: "requestKeys",
        tags,
        summary: "Do what a wallet signed: create, rotate, revoke or list its keys",
        body: z.object({ request: wireKeyRequest, signature: z.string().regex(/^0x[0-9a-fA-F]{2,20000}$/) }),
        response: { 200: wireKeysAnswer },
      },
    },
    async ({ body: { request, signature } }, reply) => {
      void reply.header("cache-control", "no-store");
      return carryOut(deps, request, signature as Hex, serverTime());
    },
  );
  app.get(
    "/v1/keys",
    {
      config: { scope: "admin" },
      schema: {
        operationId: "listKeys",
        tags,
        summary: "All keys, for operators",
        response: { 200: z.object({ keys: z.array(wireApiKey) }) },
      },
    },
    async (_request, reply) => {
      void reply.header("cache-control", "no-store");
      return { keys: await listKeys(deps.store.db) };
    },
  );
  app.post(
    "/v1/keys/:id/revoke",
    {
      config: { scope: "admin" },
      schema: {
        operationId: "revokeKey",
        tags,
        summary: "Revoke any key, for operators",
        params: z.object({ id: wireKeyId }),
        response: { 200: wireApiKey },
      },
    },
    ({ params: { id } }) => revokeKey(deps.store.db, { id }, serverTime()),
  );
}
