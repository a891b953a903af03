type Sdk = typeof import("@anthropic-ai/sdk");

/**
 * Why a call failed. `free`: a request that was refused is not billed. `waitMs`: what the service asks for. `filtered`: it would not let
 * out what the model wrote, so that another request may well be answered.
 */
export type Failure = {
  failed: true;
  why: string;
  mayPass: boolean;
  free: boolean;
  waitMs?: number | undefined;
  filtered?: true;
};

/** The status is that of a bad request, and there is no type for it. */
const FILTERED = /blocked by content filtering/i;

/** Told in our words: the service's may repeat what a page made it say. */
export function failureOf(sdk: Sdk, who: string, error: unknown): Failure {
  const failed = (why: string, mayPass: boolean, free: boolean, waitMs?: number): Failure => ({
    failed: true,
    why: `${who} cannot be asked: ${why}`,
    mayPass,
    free,
    waitMs,
  });
  if (error instanceof sdk.APIUserAbortError) return failed("the provider stops", false, false);
  if (error instanceof sdk.APIConnectionTimeoutError) return failed("it did not answer in time", true, false);
  if (error instanceof sdk.APIConnectionError) return failed("it cannot be reached", true, false);
  if (error instanceof sdk.APIError && typeof error.status === "number") {
    const { status } = error;
    // It was written before it was filtered, so it may be billed.
    if (status === 400 && FILTERED.test(error.message))
      return { ...failed("its vendor's filter stopped it", false, false), filtered: true };
    const mayPass = status === 429 || status >= 500;
    const seconds = Number(error.headers?.get("retry-after"));
    const waitMs = mayPass && Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
    return failed(`it answered with HTTP ${status}`, mayPass, true, waitMs);
  }
  return failed("its answer is broken", true, false);
}
