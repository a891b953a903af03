import helmet from "helmet";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "../logger.ts";
import { HttpError } from "./errors.ts";
import type { App, HttpOptions } from "./options.ts";

type Headers = Readonly<Record<string, string>>;

/** Far below what Node refuses by itself (16 KiB for all headers), far above any address of ours. */
const MAX_URL = 4096;

/** What an answer that is data, never a page, needs: nobody may run it, frame it or guess its type. */
const DATA_HEADERS: Headers = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

/**
 * The security headers of a page. Helmet writes them once, here: run per request it costs a quarter of what a small
 * route can answer.
 */
export function pageHeaders(connectSources: readonly string[]): Headers {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {},
  };
  const write = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        // Wallets announce themselves with an icon in a data: url.
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'", "data:"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        connectSrc: ["'self'", ...connectSources.flatMap(origins)],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // A wallet that opens a window must be able to answer the page that opened it.
    crossOriginOpenerPolicy: { policy: "same-origin-allow-popups" },
  });
  write({} as IncomingMessage, response as unknown as ServerResponse, () => {});
  return headers;
}

/** An RPC url's origin, for http and for the socket beside it. Paths stay out: they may carry a key. */
function origins(url: string): string[] {
  const { protocol, host } = new URL(url);
  const plain = protocol === "http:" || protocol === "ws:";
  return plain ? [`http://${host}`, `ws://${host}`] : [`https://${host}`, `wss://${host}`];
}

/** Puts the request id and the headers of data on every answer; pages replace them with their own. */
export function guardRequests(app: App, log: Logger): void {
  app.addHook("onRequest", (request, reply, done) => {
    request.log = log;
    reply.log = log;
    request.startedAt = performance.now();
    reply.header("x-request-id", request.id);
    reply.headers(DATA_HEADERS);
    if (request.url.length > MAX_URL) done(HttpError.url_too_long({ limit: MAX_URL }));
    else done();
  });
}

/** The id of each request: the proxy's if there is one to be trusted, else ours; short, and unique across restarts. */
export function requestIds(
  options: HttpOptions,
): (request: { headers: IncomingMessage["headers"] }) => string {
  const run = Math.floor(Math.random() * 36 ** 6).toString(36);
  let count = 0;
  const own = () => `${run}-${(count += 1).toString(36)}`;
  if (!options.trustProxy) return own;
  return (request) => {
    const given = request.headers["x-request-id"];
    return typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : own();
  };
}
