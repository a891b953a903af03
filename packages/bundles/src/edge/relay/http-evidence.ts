import { askerOf } from "@sooth/runtime";
import { z } from "zod";
import { batchFromWire, factToWire, wireAttestedBatch } from "../../core/index.ts";
import { askedJson } from "../asked-json.ts";
import type { Evidence } from "./ports.ts";

/** An API holds the question for two seconds; one that does not answer by then is out of order. */
const PATIENCE_MS = 8_000;
/** A batch of 256 facts, the largest of them of a set of 64 seats, is below a part of this. */
const MOST_BYTES = 4_194_304;
const NOT_ATTESTED = "bundles.not_attested";

const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    data: z.object({ missing: z.array(z.number().int()).optional() }).optional(),
  }),
});

/** Attesters' signatures, as the API at this address collects them. */
export function evidenceFrom(apiUrl: string): Evidence {
  const api = askerOf(new URL("/v1/bundles/batches", apiUrl).href);
  return {
    ask: async (facts, chainId, signal) => {
      const { isOk, body } = await askedJson(api, {
        body: JSON.stringify({ facts: facts.map(factToWire), destination: chainId }),
        most: MOST_BYTES,
        within: PATIENCE_MS,
        signal,
      });
      if (isOk) return { batch: batchFromWire(wireAttestedBatch.parse(body)) };
      const { error } = refusal.parse(body);
      const missing = (error.data?.missing ?? []).flatMap((place) => facts[place] ?? []);
      const isLate = error.code === NOT_ATTESTED && missing.length === 0;
      return { missing, why: `${error.code}: ${error.message}`, isLate };
    },
  };
}
