import { hash } from "node:crypto";
import type { App } from "./options.ts";

/**
 * Gives the answer to a successful GET a weak ETag of its text, and answers 304 without a body to whoever holds that
 * text already. Answers marked `no-store`, and streams, are left alone.
 */
export function tagAnswers(app: App): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    if (typeof payload !== "string" || reply.statusCode !== 200 || request.method !== "GET")
      return done(null, payload);
    if (reply.getHeader("cache-control") === "no-store") return done(null, payload);
    const tag = `W/"${hash("sha1", payload, "base64url")}"`;
    reply.header("etag", tag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-cache");
    const held = request.headers["if-none-match"];
    if (held === undefined || !matches(held, tag)) return done(null, payload);
    reply.code(304).removeHeader("content-length").removeHeader("content-type");
    return done(null, null);
  });
}

/** Weak comparison of RFC 9110: what a cache made of `W/` on the way does not matter. */
function matches(held: string, tag: string): boolean {
  if (held === tag || held.trim() === "*") return true;
  return held.split(",").some((one) => one.trim().replace(/^W\//, "") === tag.slice(2));
}
