import { z } from "zod";
import { type wireHandover, wireReceipt } from "../../core/index.ts";

export type Handover = z.infer<typeof wireHandover>;

/** `later`: the same may be taken in a moment. `never`: it will not be. */
export type HandedOver =
  | { outcome: "accepted"; repeated: boolean }
  | { outcome: "later" | "never"; code: string; message: string };

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const TIMEOUT_MS = 10_000;
/** The API may be a block behind our own view, or ahead of it. */
const PASSING = new Set([
  "oracle.unknown_question",
  "oracle.too_early",
  "oracle.stale_epoch",
  "oracle.stale_round",
  "oracle.not_seated",
  "oracle.no_signer_set",
]);

/**
 * The API as a provider uses it: reports go there, and nothing that it says is ever signed. @throws when it cannot be reached
 */
export const apiClient = (apiUrl: string, signal: AbortSignal) => {
  const at = (path: string) => new URL(path, apiUrl);
  const within = () => AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);

  return {
    async handOver(handover: Handover): Promise<HandedOver> {
      const response = await fetch(at("/v1/reports"), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(handover),
        signal: within(),
      });
      const body: unknown = await response.json();
      if (response.ok) return { outcome: "accepted", repeated: wireReceipt.parse(body).repeated };
      const told = errorBody.safeParse(body);
      const { code, message } = told.success
        ? told.data.error
        : { code: `http.${response.status}`, message: "the API answered without a reason" };
      const mayPass = response.status >= 500 || response.status === 429 || PASSING.has(code);
      return { outcome: mayPass ? "later" : "never", code, message };
    },
  };
};
export type ApiClient = ReturnType<typeof apiClient>;
