import Fastify, { LogController } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { answerErrors } from "./errors.ts";
import { serveHealth } from "./health.ts";
import { describeRoutes } from "./openapi.ts";
import type { App, HttpOptions } from "./options.ts";
import { compileSerializer } from "./serializer.ts";

const BODY_LIMIT_BYTES = 262_144;

/** The HTTP server with everything that all routes share. Slices add their routes, then `serve` listens. */
export async function createApp(options: HttpOptions): Promise<App> {
  const bodyLimit = options.bodyLimitBytes ?? BODY_LIMIT_BYTES;
  const app = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    trustProxy: options.trustProxy ?? false,
    requestTimeout: options.requestTimeoutMs ?? 15_000,
  }) as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(compileSerializer);
  answerErrors(app, bodyLimit);
  await describeRoutes(app, options.version);
  serveHealth(app, options);
  return app;
}
