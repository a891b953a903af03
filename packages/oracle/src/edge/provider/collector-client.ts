import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import { wireBatch, type wireCommitment, type wireOpening } from "../../core/index.ts";

const TIMEOUT_MS = 10_000;
const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Whether a collector took what was handed over; else why not. */
export type Taken = { taken: true } | { taken: false; why: string };

/** One of those who gather commitments and openings. Nothing that it says is signed. @throws when it cannot be reached */
export const collectorClient = (url: string, signal: AbortSignal) => {
  const within = () => AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const post = async (path: string, body: unknown): Promise<Taken> => {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: within(),
    });
    const answer: unknown = await response.json();
    if (response.ok) return { taken: true };
    const told = errorBody.safeParse(answer);
    return { taken: false, why: told.success ? told.data.error.message : `HTTP ${response.status}` };
  };
  return {
    url,
    commit: (jury: Hex, commitment: z.infer<typeof wireCommitment>) =>
      post(`/v1/juries/${jury}/commitments`, commitment),
    open: (jury: Hex, opening: z.infer<typeof wireOpening>) => post(`/v1/juries/${jury}/openings`, opening),
    /** Batches as it shows them; whoever reads hashes them himself. */
    batches: async (jury: Hex) => {
      const response = await fetch(new URL(`/v1/juries/${jury}/batches`, url), { signal: within() });
      return z.object({ items: z.array(wireBatch) }).parse(await response.json()).items;
    },
  };
};
export type CollectorClient = ReturnType<typeof collectorClient>;
