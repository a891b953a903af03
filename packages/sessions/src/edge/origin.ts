import { isLoopback } from "@sooth/kernel";
import { originOf } from "@sooth/runtime";
import type { FastifyRequest } from "fastify";
import { SessionError } from "../core/index.ts";
import type { SessionsConfig } from "./config.ts";

/**
 * Where the browser of this request is, as the operator named it. The request itself is not asked: whoever sends it chooses
 * its Host, and could have people sign in at a place of his. Ours behind a proxy that ends TLS is found by its host.
 * @throws session.unknown_origin
 */
export function originHere(request: FastifyRequest, config: Partial<SessionsConfig>): string {
  const named = config.SESSIONS_ORIGINS ?? [];
  const told = originOf(request);
  const here = told === undefined ? undefined : new URL(told);
  const found =
    named.length > 0
      ? named.find((origin) => new URL(origin).host === here?.host)
      : here && isLoopback(here.href)
        ? here.origin
        : undefined;
  if (found === undefined) throw SessionError.unknown_origin({ origin: here?.origin ?? "this address" });
  return found;
}

/**
 * A browser sends a session's cookie by itself, so what is done with it must come from a page of ours. Browsers say from where
 * a request comes, and pages cannot make them say something else; whoever says nothing is refused. @throws session.cross_site
 */
export function needSameOrigin(request: FastifyRequest, config: Partial<SessionsConfig>): string {
  const here = originHere(request, config);
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOurs = origin === undefined ? site === "same-origin" : origin === here;
  if (!isOurs || (site !== undefined && site !== "same-origin")) throw SessionError.cross_site({});
  return here;
}
