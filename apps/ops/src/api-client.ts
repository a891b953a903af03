import { setTimeout as delay } from "node:timers/promises";
import type { z } from "zod";
import { OpsError } from "./ops-error.ts";

/** The HTTP API as a program sees it: every answer is checked against its shape. */
export type ApiClient = {
  /** @throws ops.api_refused */
  get<T extends z.ZodType>(path: string, shape: T): Promise<z.infer<T>>;
  /** @throws ops.api_refused */
  post<T extends z.ZodType>(path: string, body: unknown, shape: T): Promise<z.infer<T>>;
};

const TRY_AGAIN_MS = 250;
const REQUEST_MS = 10_000;
/** The API says of these that the same call may succeed later. */
const LATER = new Set([429, 502, 503, 504]);

/** Calls `url`; a server that is away, or that says "later", is asked again until `patienceSeconds` are over. */
export function apiClient(url: string, patienceSeconds: number): ApiClient {
  const call = async <T extends z.ZodType>(method: string, path: string, body: unknown, shape: T) => {
    const until = performance.now() + patienceSeconds * 1_000;
    for (;;) {
      const reply = await attempt(url + path, method, body);
      if (reply.status >= 200 && reply.status < 300) return shape.parse(JSON.parse(reply.text));
      const later = reply.status === 0 || LATER.has(reply.status);
      if (!later || performance.now() > until)
        throw OpsError.api_refused({
          call: `${method} ${path}`,
          status: reply.status,
          body: reply.text.slice(0, 300),
        });
      await delay(TRY_AGAIN_MS);
    }
  };
  return {
    get: (path, shape) => call("GET", path, undefined, shape),
    post: (path, body, shape) => call("POST", path, body, shape),
  };
}

/** Status 0: no answer came, the text says why. */
async function attempt(
  url: string,
  method: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: body === undefined ? {} : { "content-type": "application/json" },
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: 0, text: cause instanceof Error ? cause.message : String(cause) };
  }
}
