import type { Hex } from "@sooth/kernel";
import type { App, Buckets } from "@sooth/runtime";
import { z } from "zod";
import {
  cidOf,
  ContentError,
  type ContentKind,
  hashNamed,
  wireContent,
  wireErase,
  wireErasure,
  wirePostSheet,
  wirePostText,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { askErasure, takeBackErasure } from "./erase.ts";
import { erasureOf } from "./erasure-rows.ts";
import { fairShare } from "./fair-share.ts";
import { readThrough } from "./read-through.ts";
import { takeOpinion, takeSheet } from "./receive.ts";
import { contentOf, keptKind } from "./store.ts";

const tags = ["content"];
const FOR_EVER = "public, max-age=31536000, immutable";
/** What may be erased is asked for anew each time; its hash tells that it is the same, without its bytes. */
const ASKED_ANEW = "public, no-cache";
const cachingOf = (kind: ContentKind | null) => (kind === "sheet" ? FOR_EVER : ASKED_ANEW);
/** 4 MB of sheet as JSON writes it, which escapes quotes: twice that is more than any. */
const SHEET_BODY = 8_600_000;
/** To check a signature is dear. */
const SIGNED_COST = 10;
/** A text may stand in many markets, which are counted. */
const RATE = { rateLimit: { max: 120, timeWindow: 60_000 } };
const named = z.object({
  name: z.string().min(1).max(120).describe("a CID, or the SHA-256 as 0x and 64 hex digits"),
});

function hashOfName(name: string): Hex {
  const sha256 = hashNamed(name);
  if (sha256 === null) throw ContentError.bad_name({ name });
  return sha256;
}

/** @param buckets what each address may have yet; of this process where none are given */
export function contentRoutes(app: App, deps: Deps, buckets?: Buckets): void {
  const share = fairShare(deps.config.CONTENT_BYTES_PER_ADDRESS, buckets);
  app.post(
    "/v1/content",
    {
      schema: {
        operationId: "postContent",
        tags,
        summary: "Keep the text of an opinion; it is found by the hash that a stake names",
        body: wirePostText,
        response: { 200: wireContent },
      },
    },
    async ({ body: { text }, ip }) => {
      await share.bring(ip, Buffer.byteLength(text));
      return takeOpinion(deps, text);
    },
  );
  app.post(
    "/v1/content/sheets",
    {
      bodyLimit: SHEET_BODY,
      config: { cost: SIGNED_COST },
      schema: {
        operationId: "postSheet",
        tags,
        summary: "Keep an analyst's label sheet, signed by the key of a provider or a watcher",
        body: wirePostSheet,
        response: { 200: wireContent },
      },
    },
    ({ body }) => takeSheet(deps, body),
  );
  app.post(
    "/v1/content/:name/erase",
    {
      config: { cost: SIGNED_COST },
      schema: {
        operationId: "eraseContent",
        tags,
        summary: "Have a text erased once its markets have ended, as who staked with it first signed",
        params: named,
        body: wireErase,
        response: { 200: wireErasure },
      },
    },
    ({ params: { name }, body }) => askErasure(deps, hashOfName(name), body),
  );
  app.post(
    "/v1/content/:name/keep",
    {
      config: { cost: SIGNED_COST },
      schema: {
        operationId: "keepContent",
        tags,
        summary: "Take back that a text is to be erased, as who asked signed",
        params: named,
        body: wireErase,
        response: { 200: wireErasure },
      },
    },
    ({ params: { name }, body }) => takeBackErasure(deps, hashOfName(name), body),
  );
  app.get(
    "/v1/content/:name/erasure",
    {
      config: RATE,
      schema: {
        operationId: "getErasure",
        tags,
        summary: "Whether a text is erased or going to be, and which markets that waits for",
        params: named,
        response: { 200: wireErasure },
      },
    },
    ({ params: { name } }) => erasureOf(deps.store.db, hashOfName(name)),
  );
  app.get(
    "/v1/content/:name",
    {
      schema: {
        operationId: "getContent",
        tags,
        summary: "The bytes of a text, the very ones that hash to its name",
        params: named,
      },
    },
    async ({ params: { name }, headers, ip }, reply) => {
      const sha256 = hashOfName(name);
      const cid = cidOf(sha256);
      const tag = `"${cid}"`;
      const kind = await keptKind(deps.store.db, sha256);
      void reply
        .header("etag", tag)
        // Anybody writes these: a browser that is sent here runs nothing of it.
        .header("content-security-policy", "default-src 'none'; sandbox");
      // Before it is read and hashed: a hash never comes to mean anything else.
      if (kind !== null && headers["if-none-match"]?.includes(tag))
        return reply.header("cache-control", cachingOf(kind)).code(304).send();
      const bytes = await bytesFor(kind, sha256, ip);
      if (bytes === null) throw ContentError.unknown({ cid });
      return (
        reply
          .header("cache-control", cachingOf(kind))
          .type(kind === "sheet" ? "application/json; charset=utf-8" : "text/plain; charset=utf-8")
          // As bytes: a text that was read and written again might have another hash.
          .send(Buffer.from(bytes))
      );
    },
  );

  async function bytesFor(kind: ContentKind | null, sha256: Hex, ip: string): Promise<Uint8Array | null> {
    if (kind === "sheet") await share.readSheet(ip);
    if (kind !== null) return (await contentOf(deps.store.db, sha256))?.bytes ?? null;
    const gateways = deps.config.CONTENT_GATEWAYS;
    if (gateways.length > 0) await share.askGateways(ip);
    return readThrough(gateways, sha256);
  }
}
