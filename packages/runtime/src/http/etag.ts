import { crc32 } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Gives the answer to a successful GET a weak ETag of its text, unless its route gave one; what is sent instead is null
 * where the asker holds the same already (304). Answers marked `no-store`, and streams, are left alone.
 */
export function tagged(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (typeof payload !== "string" || reply.statusCode !== 200 || request.method !== "GET") return payload;
  const cache = reply.getHeader("cache-control");
  if (cache === "no-store") return payload;
  // A route may know better what makes two answers the same.
  const own = reply.getHeader("etag");
  const tag = typeof own === "string" ? own : tagOf(payload);
  reply.header("etag", tag);
  if (cache === undefined) reply.header("cache-control", "no-cache");
  const held = request.headers["if-none-match"];
  if (held === undefined || !matches(held, tag)) return payload;
  reply.code(304).removeHeader("content-length").removeHeader("content-type");
  return null;
}

/**
 * Length and CRC-32. Two versions of one address share it once in four thousand million changes, and never if they
 * differ in one run of four bytes; a digest that excludes even that costs a page of markets a twentieth more.
 */
const tagOf = (text: string): string => `W/"${text.length.toString(36)}-${crc32(text).toString(36)}"`;

/** Weak comparison of RFC 9110: what a cache made of `W/` on the way does not matter. */
function matches(held: string, tag: string): boolean {
  if (held === tag || held.trim() === "*") return true;
  return held.split(",").some((one) => one.trim().replace(/^W\//, "") === tag.slice(2));
}
