import type { FastifyReply, FastifyRequest } from "fastify";
import { LogController } from "fastify";
import { alert } from "../metrics.ts";
import { tagged } from "./etag.ts";
import type { App, HttpOptions } from "./options.ts";
import { routeTimes } from "./route-times.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** By `performance.now()`. */
    startedAt: number;
  }
}

const METRIC = "http_request_seconds";
const secondsOf = routeTimes(METRIC, "Until the answer was ready to be sent");
export const serverErrorsAlert = alert({
  id: "http.server_errors",
  severity: "page",
  forSeconds: 300,
  when: `sum(rate(${METRIC}_count{status="5xx"}[5m])) > 0.01 * sum(rate(${METRIC}_count[5m]))`,
  runbook: "docs/runbooks/http.md#server-errors",
});

const SLOW_MS = 1000;

type Finish = (request: FastifyRequest, reply: FastifyReply, payload: unknown) => unknown;

/** Tags, counts and logs the answers of every route; see `finisher`. */
export function finishAnswers(app: App, options: HttpOptions): void {
  app.decorateRequest("startedAt", 0);
  // One closure per route, with its series at hand: looking it up per request shows in the hot routes' figures.
  app.addHook("onRoute", (route) => {
    const finish = finisher(String(route.method), route.url, options);
    const hook = (
      request: FastifyRequest,
      reply: FastifyReply,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => done(null, finish(request, reply, payload));
    route.onSend = [route.onSend ?? [], hook].flat();
  });
}

/**
 * What happens to each answer of a route before it is sent: it gets its ETag, is counted, and is logged if it failed
 * here or was slow; a line for every request would bury those. Listening for the end of the sending as well would cost
 * a request more than all of this.
 */
export function finisher(method: string, route: string, options: HttpOptions): Finish {
  const slowMs = options.slowRequestMs ?? SLOW_MS;
  const observe = observer(method, route);
  return (request, reply, payload) => {
    const sent = tagged(request, reply, payload);
    const ms = performance.now() - request.startedAt;
    observe(ms / 1000, reply.statusCode);
    if (reply.statusCode >= 500 || ms >= slowMs)
      options.log.warn(
        { method, url: request.url, requestId: request.id, status: reply.statusCode, ms: Math.round(ms) },
        reply.statusCode >= 500 ? "answered with a server error" : "slow request",
      );
    return sent;
  };
}

/** Finds the series of a status class when it first occurs. */
function observer(method: string, route: string): (seconds: number, statusCode: number) => void {
  const classes: ((seconds: number) => void)[] = [];
  return (seconds, statusCode) => {
    const hundreds = Math.floor(statusCode / 100);
    const observe = (classes[hundreds] ??= secondsOf({ method, route, status: `${hundreds}xx` }));
    observe(seconds);
  };
}

/**
 * Logs what goes wrong inside Fastify, and nothing per request. Given a logger, Fastify derives one for each request and
 * listens for its end: a fifth of the time of a small answer. So it is given none, and `guardRequests` lends ours to
 * each request; what is logged there carries the request id itself.
 */
export class FaultsOnly extends LogController {
  override incomingRequest(): void {}
  override requestCompleted(): void {}
  override defaultErrorLog(): void {}
  override routeNotFound(): void {}
}
