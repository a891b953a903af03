import type { FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";
import { LogController } from "fastify";
import type { Logger } from "../logger.ts";
import { alert, histogram } from "../metrics.ts";
import type { App, HttpOptions } from "./options.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** By `performance.now()`. */
    startedAt: number;
  }
}

const requestSeconds = histogram("http_request_seconds", "Until the answer was ready to be sent", [
  "method",
  "route",
  "status",
]);
export const serverErrorsAlert = alert({
  id: "http.server_errors",
  severity: "page",
  forSeconds: 300,
  when: `sum(rate(${requestSeconds.metric}_count{status="5xx"}[5m])) > 0.01 * sum(rate(${requestSeconds.metric}_count[5m]))`,
  runbook: "docs/runbooks/http.md#server-errors",
});

const SLOW_MS = 1000;

type Observer = (seconds: number, statusCode: number) => void;

/**
 * Counts every request by its route, and logs those that failed here or were slow; the rest would bury them. It runs
 * when the answer is ready: listening for the end of the sending as well would cost each request more than its hooks do.
 */
export function logRequests(app: App, options: HttpOptions): void {
  const slowMs = options.slowRequestMs ?? SLOW_MS;
  app.decorateRequest("startedAt", 0);
  const finish = (observe: Observer, request: FastifyRequest, reply: FastifyReply) => {
    const ms = performance.now() - request.startedAt;
    observe(ms / 1000, reply.statusCode);
    if (reply.statusCode < 500 && ms < slowMs) return;
    const { method, url, id: requestId } = request;
    options.log.warn(
      { method, url, requestId, status: reply.statusCode, ms: Math.round(ms) },
      reply.statusCode >= 500 ? "answered with a server error" : "slow request",
    );
  };
  // One closure per route, with its labels resolved: looking them up per request shows in the hot routes' figures.
  app.addHook("onRoute", (route) => {
    const observe = observer(String(route.method), route.url);
    const hook = (
      request: FastifyRequest,
      reply: FastifyReply,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => {
      finish(observe, request, reply);
      done(null, payload);
    };
    route.onSend = [route.onSend ?? [], hook].flat();
  });
}

/** Resolves the labels of a status class when it first occurs. */
function observer(method: string, route: string): Observer {
  const classes: ({ observe(value: number): void } | undefined)[] = [];
  return (seconds, statusCode) => {
    const hundreds = Math.floor(statusCode / 100);
    const child = (classes[hundreds] ??= requestSeconds.labels({ method, route, status: `${hundreds}xx` }));
    child.observe(seconds);
  };
}

/**
 * Fastify's options for logging to `log` what goes wrong inside it, and nothing per request. A logger of its own would
 * make Fastify derive one for each request and listen for its end: a fifth of the time of a small answer. So it gets
 * none, and all requests share ours; what they log carries the request id itself.
 */
export const quietLogger = (
  log: Logger,
): Pick<FastifyServerOptions, "logController" | "childLoggerFactory"> => ({
  logController: new FaultsOnly(),
  childLoggerFactory: () => log,
});

class FaultsOnly extends LogController {
  override incomingRequest(): void {}
  override requestCompleted(): void {}
  override defaultErrorLog(): void {}
  override routeNotFound(): void {}
}
