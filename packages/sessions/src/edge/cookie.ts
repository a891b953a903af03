import { parseCookie, stringifySetCookie } from "cookie";
import type { FastifyRequest } from "fastify";
import { SESSION_SECONDS } from "../core/index.ts";

/**
 * With TLS a browser takes a cookie of this name only from this very host, over TLS: no neighbour below the same domain can
 * put his own in its place.
 */
const SECURE_NAME = "__Host-session";
/** `npm start` on a laptop has no TLS. */
const PLAIN_NAME = "session";
const TOKEN = /^[\w-]{43}$/;

const isSecure = (origin: string): boolean => origin.startsWith("https:");

export const sessionCookie = (origin: string, token: string, maxAge = SESSION_SECONDS): string =>
  stringifySetCookie({
    name: isSecure(origin) ? SECURE_NAME : PLAIN_NAME,
    value: token,
    maxAge,
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: isSecure(origin),
  });

/** Takes the cookie back from the browser. */
export const noCookie = (origin: string): string => sessionCookie(origin, "", 0);

/** The token that a request shows, if it looks like one. */
export function shownToken(request: FastifyRequest, origin: string): string | undefined {
  const token = parseCookie(request.headers.cookie ?? "")[isSecure(origin) ? SECURE_NAME : PLAIN_NAME];
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}
