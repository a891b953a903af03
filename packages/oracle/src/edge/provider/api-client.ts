import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import { wireHandover, wireHex32, wireInteger, wireReceipt, wireReport } from "../../core/index.ts";

export type Handover = z.infer<typeof wireHandover>;

/** `later`: the same may be taken in a moment. `never`: it will not be. */
export type HandedOver =
  | { outcome: "accepted"; repeated: boolean }
  | { outcome: "later" | "never"; code: string; message: string };

export type OwnReport = { epoch: number; value: bigint; evidence: string | null };

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const detailBody = z.object({
  reports: z.array(
    wireReport.pick({ signer: true, epoch: true, round: true }).extend({
      value: wireInteger,
      evidence: wireHex32.nullable(),
    }),
  ),
});

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

/** The API as a provider uses it. @throws when it cannot be reached */
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

    /** What this key handed over for a round before, of the latest epoch; null when nothing or the question is unknown. */
    async ownReport(question: Hex, signer: Hex, round: number): Promise<OwnReport | null> {
      const response = await fetch(at(`/v1/questions/${question}`), { signal: within() });
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`the API answered with HTTP ${response.status}`);
      const { reports } = detailBody.parse(await response.json());
      const own = reports
        .filter((report) => report.signer.toLowerCase() === signer.toLowerCase() && report.round === round)
        .toSorted((a, b) => b.epoch - a.epoch)[0];
      if (!own) return null;
      const evidence = own.evidence === null ? null : await this.evidence(own.evidence);
      return { epoch: own.epoch, value: BigInt(own.value), evidence };
    },

    async evidence(hash: string): Promise<string | null> {
      const response = await fetch(at(`/v1/evidence/${hash}`), { signal: within() });
      return response.ok ? await response.text() : null;
    },
  };
};
export type ApiClient = ReturnType<typeof apiClient>;
