type Sdk = typeof import("@anthropic-ai/sdk");

/** Why a call failed. `free`: a request that was refused is not billed. `waitMs`: what the service asks for. */
export type Failure = {
  failed: true;
  why: string;
  mayPass: boolean;
  free: boolean;
  waitMs?: number | undefined;
};

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
    const mayPass = status === 429 || status >= 500;
    const seconds = Number(error.headers?.get("retry-after"));
    const waitMs = mayPass && Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
    return failed(`it answered with HTTP ${status}`, mayPass, true, waitMs);
  }
  return failed("its answer is broken", true, false);
}
