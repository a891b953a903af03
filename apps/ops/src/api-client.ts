import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@sooth/kernel";
import { z } from "zod";
import { OpsError } from "./ops-error.ts";

/** The HTTP API as a program sees it: every answer is checked against its shape. */
export type ApiClient = {
  /** @throws ops.api_refused, and what the server answers with a code of its own */
  get<T extends z.ZodType>(path: string, shape: T): Promise<z.infer<T>>;
  /** @throws ops.api_refused, and what the server answers with a code of its own */
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
      if (reply.status >= 200 && reply.status < 300) return read(`${method} ${path}`, reply, shape);
      const later = reply.status === 0 || LATER.has(reply.status);
      if (!later || performance.now() > until) throw refusedBy(`${method} ${path}`, reply);
      await delay(TRY_AGAIN_MS);
    }
  };
  return {
    get: (path, shape) => call("GET", path, undefined, shape),
    post: (path, body, shape) => call("POST", path, body, shape),
  };
}

type Reply = { status: number; text: string };

const refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), data: z.unknown().optional() }),
});

/** What the server says with a code keeps it: whoever reads it finds it in docs/errors.md. */
function refusedBy(call: string, { status, text }: Reply): AppError {
  const said = refusal.safeParse(jsonOf(text));
  if (!said.success) return OpsError.api_refused({ call, status, body: text.slice(0, 300) });
  const { code, message, data } = said.data.error;
  return new AppError(code, { status, text: () => message }, data);
}

function read<T extends z.ZodType>(call: string, { status, text }: Reply, shape: T): z.infer<T> {
  const answer = shape.safeParse(jsonOf(text));
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  const body = `in another form than is known here: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`;
  throw OpsError.api_refused({ call, status, body });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Status 0: no answer came, the text says why. */
async function attempt(url: string, method: string, body: unknown): Promise<Reply> {
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
