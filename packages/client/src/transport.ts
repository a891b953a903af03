import { ApiError, errorFrom } from "./api-error.ts";
import { wait } from "./wait.ts";

/** How an operation goes over the wire. Members of its input that are neither in `path` nor in `query` are its body. */
export type Operation = {
  method: string;
  /** With placeholders: `/v1/markets/{id}`. */
  path: string;
  query: readonly string[];
  hasBody: boolean;
};
export type CallOptions = { signal?: AbortSignal };
export type Call = <T>(operation: Operation, input: object, options?: CallOptions) => Promise<T>;

export type ClientOptions = {
  /** Where the API is: `https://host`; empty for the page's own origin. */
  baseUrl: string;
  fetch?: typeof fetch;
  /** Sent with every request, in a header and never in the address. */
  apiKey?: string;
  /** How often a GET that was answered with 429 or 503 is tried again. Default 3. */
  retries?: number;
};

const FIRST_WAIT_MS = 250;
/** A server that asks for more than this is better asked again by whoever called. */
const LONGEST_WAIT_MS = 10_000;

/** Calls operations of the API. Only reads are repeated: a write may have happened before its answer was lost. */
export function createCall(options: ClientOptions): Call {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const retries = options.retries ?? 3;
  return async <T>(operation: Operation, input: object, { signal }: CallOptions = {}): Promise<T> => {
    for (let tried = 0; ; tried += 1) {
      const response = await send(...requestFor(options, operation, input, signal));
      if (response.ok) return (await response.json()) as T;
      const error = await errorFrom(response);
      const pause = operation.method === "GET" && tried < retries ? pauseBefore(error, tried) : undefined;
      if (pause === undefined) throw error;
      await wait(pause, signal);
    }
  };
}

/** Milliseconds until the next try, or undefined if waiting does not help. */
function pauseBefore(error: ApiError, tried: number): number | undefined {
  if (error.status !== 429 && error.status !== 503) return undefined;
  const asked = (error.retryAfter ?? 0) * 1000;
  if (asked > LONGEST_WAIT_MS) return undefined;
  // Spread, so that all who were refused together do not come back together.
  return Math.max(asked, FIRST_WAIT_MS * 2 ** tried) * (1 + Math.random() / 4);
}

function requestFor(
  client: ClientOptions,
  operation: Operation,
  input: object,
  signal: AbortSignal | undefined,
): [string, RequestInit] {
  const rest: Record<string, unknown> = { ...input };
  const take = (name: string): unknown => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(String(take(name))),
  );
  const query = new URLSearchParams(
    operation.query
      .map((name) => [name, take(name)] as const)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
  const url = `${client.baseUrl}${path}${query.size > 0 ? `?${query}` : ""}`;
  const headers = {
    ...(operation.hasBody ? { "content-type": "application/json" } : {}),
    ...keyHeader(client),
  };
  const body = operation.hasBody ? { body: JSON.stringify(rest) } : {};
  return [url, { method: operation.method, headers, ...body, ...(signal ? { signal } : {}) }];
}

export const keyHeader = ({ apiKey }: ClientOptions): Record<string, string> =>
  apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
