/** What the API answered instead of what was asked for. `code` is stable; `message` is a sentence for people. */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** The values that the message speaks of. */
  readonly data: unknown;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds after which the same call may succeed; undefined if it will not by waiting. */
  readonly retryAfter: number | undefined;

  constructor(told: {
    code: string;
    message: string;
    status: number;
    data?: unknown;
    requestId?: string;
    retryAfter?: number;
  }) {
    super(told.message);
    this.name = "ApiError";
    this.code = told.code;
    this.status = told.status;
    this.data = told.data;
    this.requestId = told.requestId;
    this.retryAfter = told.retryAfter;
  }
}

/** Reads an error answer; one that is not from the API itself (a proxy's page) gets the code `http.<status>`. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const text = await response.text();
  const told = errorIn(text);
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError({
    code: told.code ?? `http.${response.status}`,
    message: told.message ?? `the server answered ${response.status}`,
    status: response.status,
    data: told.data,
    requestId: told.requestId ?? response.headers.get("x-request-id") ?? undefined,
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
  });
}

type Told = { code?: string; message?: string; data?: unknown; requestId?: string };

function errorIn(text: string): Told {
  try {
    return (JSON.parse(text) as { error?: Told }).error ?? {};
  } catch {
    // Not JSON, so not from the API: the status has to do.
    return {};
  }
}
