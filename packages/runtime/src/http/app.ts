import cors from "@fastify/cors";
import Fastify from "fastify";
import { meetCallers } from "./callers.ts";
import { answerClientError } from "./client-errors.ts";
import { answerError, MAX_PARAMETER } from "./errors.ts";
import { serveEvents } from "./events.ts";
import { serveHealth } from "./health.ts";
import { knowMethods } from "./methods.ts";
import { describeRoutes } from "./openapi.ts";
import type { App, HttpOptions } from "./options.ts";
import { limitRates } from "./rate-limit.ts";
import { FaultsOnly, finishAnswers } from "./request-log.ts";
import { guardRequests, pageHeaders, requestIds } from "./security.ts";
import { serializerCompiler } from "./serializer.ts";
import { openRedis } from "./shared-redis.ts";
import { localBuckets, sharedBuckets } from "./token-bucket.ts";
import { validatorCompiler } from "./validator.ts";
import { serveWebApp } from "./web-app.ts";

const BODY_LIMIT_BYTES = 262_144;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** The HTTP server with everything that all routes share. Slices add their routes, then `serve` listens. */
export async function createApp(options: HttpOptions): Promise<App> {
  const bodyLimit = options.bodyLimitBytes ?? BODY_LIMIT_BYTES;
  const headersTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  const app = Fastify({
    logController: new FaultsOnly(),
    genReqId: requestIds(options),
    bodyLimit,
    trustProxy: options.trustProxy ?? false,
    requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    http: { headersTimeout, connectionsCheckingInterval: Math.min(1000, headersTimeout) },
    clientErrorHandler: answerClientError,
    // While draining, a request on a connection that is still open is answered, and told that it was the last.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    frameworkErrors: answerError(bodyLimit),
  }) as unknown as App;
  // Left in, a browser could post text/plain from any page without being asked for permission.
  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler(options.checkAnswers ?? "all", options.log));
  app.setErrorHandler(answerError(bodyLimit));
  const methodsAt = knowMethods(app);
  guardRequests(app, options.log);
  finishAnswers(app, options);
  if (options.corsOrigins?.length) await allowOrigins(app, options.corsOrigins);
  const redisUrl = options.rateLimit?.redisUrl;
  const redis = redisUrl === undefined ? undefined : await openRedis(redisUrl, options.log);
  if (redis) app.addHook("onClose", async () => redis.disconnect());
  const buckets = redis ? sharedBuckets(redis, options.log) : localBuckets();
  if (options.callers) meetCallers(app, options.callers, buckets);
  await limitRates(app, options, redis);
  await describeRoutes(app, options.version, pageHeaders([]));
  serveHealth(app, options);
  if (options.live) serveEvents(app, options.live);
  await serveWebApp(app, options, methodsAt);
  return app;
}

async function allowOrigins(app: App, origins: readonly string[]): Promise<void> {
  await app.register(cors, {
    origin: origins.includes("*") ? "*" : [...origins],
    methods: ["GET", "HEAD", "POST"],
    allowedHeaders: ["content-type", "last-event-id", "authorization", "idempotency-key"],
    exposedHeaders: ["etag", "retry-after", "x-request-id"],
    maxAge: 600,
  });
}
