import { type AppError, appErrorIn, defineErrors } from "@sooth/kernel";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { complaintOf } from "./complaints.ts";

/** Longest value of one part of a path. Ids are hashes: 66 characters. */
export const MAX_PARAMETER = 128;

export const HttpError = defineErrors("http", {
  bad_request: { status: 400, text: (d: { field: string; problem: string }) => `${d.field}: ${d.problem}` },
  unknown_topic: {
    status: 400,
    text: (d: { topic: string; topics: readonly string[] }) =>
      `nothing is ever told of "${d.topic}"; the topics are ${d.topics.join(", ")}`,
  },
  bad_json: { status: 400, text: () => "the body is not valid JSON" },
  malformed: { status: 400, text: () => "this is not an HTTP request that can be understood" },
  key_in_url: {
    status: 400,
    text: () =>
      "a key stands in the address, where it is logged and shared; send it as Authorization, and revoke this one",
  },
  bad_authorization: { status: 401, text: () => "the Authorization header must be Bearer and a key, once" },
  out_of_scope: { status: 403, text: (d: { scope: string }) => `this key is not for "${d.scope}"` },
  not_found: { status: 404, text: (d: { path: string }) => `there is nothing at ${d.path}` },
  method_not_allowed: {
    status: 405,
    text: (d: { path: string; method: string; allowed: string }) =>
      `${d.path} takes ${d.allowed}, not ${d.method}`,
  },
  timed_out: { status: 408, retry: true, text: () => "the request took too long to arrive" },
  too_large: {
    status: 413,
    text: (d: { limitBytes: number }) => `the body is larger than ${d.limitBytes} bytes`,
  },
  url_too_long: {
    status: 414,
    text: (d: { limit: number }) => `the address is longer than ${d.limit} characters`,
  },
  unsupported_type: { status: 415, text: () => "the body must be JSON, sent as application/json" },
  headers_too_large: { status: 431, text: () => "the headers are too large" },
  too_many_requests: {
    status: 429,
    retry: true,
    text: (d: { retryAfterSeconds: number }) => `too many requests; try again in ${d.retryAfterSeconds} s`,
  },
  too_many_own_streams: {
    status: 429,
    retry: true,
    text: (d: { most: number; retryAfterSeconds: number }) =>
      `${d.most} event streams are open already, which is all you may have; close one, or try again in ${d.retryAfterSeconds} s`,
  },
  too_many_streams: { status: 503, retry: true, text: () => "too many event streams are open" },
  not_ready: { status: 503, retry: true, text: () => "this server is starting or about to stop" },
  internal: {
    status: 500,
    text: () => "something went wrong here; the log has the details under this request id",
  },
});

/** Every answer that is not a success. `code` is stable, `message` is for people. */
export const errorEnvelope = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    data: z.unknown().optional(),
    requestId: z.string(),
  }),
});

/** The body of an error answer, as JSON text. */
export const errorBody = (error: AppError, requestId: string): string =>
  JSON.stringify(
    { error: { code: error.code, message: error.message, data: error.data ?? undefined, requestId } },
    (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );

/** Turns whatever was thrown into the error that the caller is told. Inner texts never get out. */
export function toAppError(thrown: unknown, bodyLimitBytes: number): AppError {
  const known = appErrorIn(thrown);
  if (known) return known;
  const error = thrown as Partial<FastifyError>;
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const where = thrown.validationContext === "querystring" ? "query" : (thrown.validationContext ?? "body");
    const [first] = thrown.validation;
    const field = `${where}${(first?.instancePath ?? "").replaceAll("/", ".").replace(/\.$/, "")}`;
    return HttpError.bad_request({ field, problem: first ? complaintOf(first) : "does not fit" });
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return HttpError.too_large({ limitBytes: bodyLimitBytes });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return HttpError.unsupported_type({});
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return HttpError.bad_json({});
    case "FST_ERR_MAX_PARAM_LENGTH":
      return HttpError.url_too_long({ limit: MAX_PARAMETER });
    case "FST_ERR_BAD_URL":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return HttpError.malformed({});
    default:
  }
  // A refused `__proto__` or `constructor` key, and a body that ends too early, come as plain errors with a status.
  if (error.statusCode === 400)
    return thrown instanceof SyntaxError ? HttpError.bad_json({}) : HttpError.malformed({});
  return HttpError.internal({}, { cause: thrown });
}

/** When to come back, in seconds. A row that knows better says so in its data. */
function retryAfter(error: AppError): number {
  const told = (error.data as { retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds;
  return typeof told === "number" && told > 0 ? Math.ceil(told) : 1;
}

/** Answers everything that a hook or a handler throws, and addresses that the router itself refuses. */
export const answerError =
  (bodyLimitBytes: number) =>
  (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toAppError(thrown, bodyLimitBytes);
    if (error.status >= 500 && !error.retry)
      request.log.error({ err: thrown, requestId: request.id, url: request.url }, "request failed");
    if (error.status === 401) void reply.header("www-authenticate", 'Bearer realm="sooth"');
    if (error.status === 405) void reply.header("allow", (error.data as { allowed: string }).allowed);
    if (error.retry) void reply.header("retry-after", retryAfter(error));
    return reply
      .code(error.status)
      .header("cache-control", "no-store")
      .type("application/json; charset=utf-8")
      .serializer((body: unknown) => body as string)
      .send(errorBody(error, request.id));
  };
