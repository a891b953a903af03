import { setTimeout as delay } from "node:timers/promises";
import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { z } from "zod";
import {
  type SignedReceipt,
  type wireAbstention,
  type wireBatchSignature,
  type wireCommitBatch,
  wireCommitBatches,
  wireCommitmentReceipt,
  wireFeedReceipt,
  type wireFeedReport,
  wireHandedOver,
  type wireHandover,
  wireReceipt,
  type wireReportCommitment,
  type wireRootHandover,
} from "../../core/index.ts";
import { readAtMost } from "./sources/fetch-text.ts";

const retries = counter("oracle_provider_retries_total", "Hand-overs tried again", ["why"]);

export type Handover = z.infer<typeof wireHandover>;
export type CommitmentHandover = z.infer<typeof wireReportCommitment>;
export type CosignedBatch = z.infer<typeof wireBatchSignature>;
export type ShownBatch = z.infer<typeof wireCommitBatch>;
export type SignedAbstention = z.infer<typeof wireAbstention>;
export type RootHandover = z.infer<typeof wireRootHandover>;

/** `later`: the same may be taken in a moment. `never`: it will not be. */
export type HandedOver = { outcome: "accepted"; repeated: boolean; receipt: SignedReceipt | null } | Refused;
type Refused = { outcome: "later" | "never"; code: string; message: string };
export type FeedHandover = z.infer<typeof wireFeedReport>;
export type SheetHandover = { sheet: string; signer: Hex; signature: Hex };
export type RootHandedOver = { outcome: "accepted" } | Refused;

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const TIMEOUT_MS = 10_000;
const TRIES = 4;
const FIRST_PAUSE_MS = 250;
/** An API that asks for more than this is asked again by the schedule, which has other questions too. */
const LONGEST_PAUSE_MS = 5_000;
/** The API may be a block behind our own view, or ahead of it. */
const PASSING = new Set([
  "oracle.unknown_question",
  "oracle.too_early",
  "oracle.stale_epoch",
  "oracle.stale_round",
  "oracle.not_seated",
  "oracle.no_signer_set",
  "oracle.wrong_phase",
  "feeds.unknown_feed",
  "feeds.stale_epoch",
  "feeds.from_the_future",
]);

type Answered = { ok: boolean; status: number; retryAfterMs: number; body: unknown };

/**
 * The API as a provider uses it: reports go there, and nothing that it says is ever signed. What may pass in a moment is
 * tried again, each time longer after the last; the API gives the same receipt however often it took the report.
 * @throws when it cannot be reached
 */
export const apiClient = (apiUrl: string, signal: AbortSignal, firstPauseMs = FIRST_PAUSE_MS) => {
  const post = async (path: string, body: unknown, extra: Record<string, string> = {}): Promise<Answered> => {
    const response = await fetch(new URL(path, apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json", ...extra },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const { ok, status, headers } = response;
    const seconds = Number(headers.get("retry-after") ?? 0);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : 0;
    return { ok, status, retryAfterMs, body: parsed(await bodyOf(response)) };
  };
  return {
    /** @param idempotencyKey names this report and no other; see `acceptedReport` */
    async handOver(handover: Handover, idempotencyKey: Hex): Promise<HandedOver> {
      for (let tried = 1; ; tried += 1) {
        const last = tried === TRIES;
        let answered: Answered | undefined;
        try {
          answered = await post("/v1/reports", handover, { "idempotency-key": idempotencyKey });
        } catch (error) {
          if (last || signal.aborted) throw error;
        }
        const passes = answered === undefined || answered.status >= 500 || answered.status === 429;
        if (answered && (last || !passes || answered.retryAfterMs > LONGEST_PAUSE_MS)) return told(answered);
        retries.inc({ why: answered ? String(answered.status) : "unreachable" });
        const pause = Math.max(answered?.retryAfterMs ?? 0, firstPauseMs * 2 ** (tried - 1));
        // Spread, so that providers that were refused together do not come back together.
        await delay(pause * (1 + Math.random() / 4), undefined, { signal });
      }
    },
    /** Tried once: it is told for people, and the next attempt tells it again. */
    async abstain(abstention: SignedAbstention): Promise<{ outcome: "accepted" } | Refused> {
      const answered = await post("/v1/abstentions", abstention);
      return answered.ok ? { outcome: "accepted" } : refused(answered);
    },
    /** Tried once: whoever commits looks again every second while it is time to. */
    async commit(commitment: CommitmentHandover): Promise<{ outcome: "accepted" } | Refused> {
      const answered = await post("/v1/report-commitments", commitment);
      if (!answered.ok) return refused(answered);
      wireCommitmentReceipt.parse(answered.body);
      return { outcome: "accepted" };
    },
    /** Tried once, as commitments are. */
    async cosign(batch: CosignedBatch): Promise<{ outcome: "accepted" } | Refused> {
      const answered = await post("/v1/commit-batches/signatures", batch);
      if (!answered.ok) return refused(answered);
      wireCommitmentReceipt.parse(answered.body);
      return { outcome: "accepted" };
    },
    /** Batches of commitments as it shows them; whoever reads hashes them himself. */
    async batches(question: Hex): Promise<ShownBatch[]> {
      const response = await fetch(new URL(`/v1/questions/${question}/commit-batches`, apiUrl), {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      return wireCommitBatches.parse(parsed(await bodyOf(response))).items;
    },
    /** Why this node objects, in words that hash to what it has the chain log. Tried once: the objection does not wait for it. */
    async handOverReason(text: string): Promise<{ outcome: "accepted" } | Refused> {
      const answered = await post("/v1/reasons", { text });
      return answered.ok ? { outcome: "accepted" } : refused(answered);
    },
    /** Labels that a report rests on, under their hash. Tried once: the question is looked at again. */
    async handOverSheet(handover: SheetHandover): Promise<{ outcome: "accepted" } | Refused> {
      const answered = await post("/v1/content/sheets", handover);
      return answered.ok ? { outcome: "accepted" } : refused(answered);
    },
    /** Tried once: a moment of a feed is over soon, and until then it is tried again. */
    async handOverFeed(feed: Hex, report: FeedHandover): Promise<RootHandedOver> {
      const answered = await post(`/v1/feeds/${feed}/reports`, report);
      if (!answered.ok) return refused(answered);
      wireFeedReceipt.parse(answered.body);
      return { outcome: "accepted" };
    },
    /** Tried once: whoever hands over a root looks again with the next block. */
    async handOverRoot(handover: RootHandover): Promise<RootHandedOver> {
      const answered = await post("/v1/root-reports", handover);
      if (!answered.ok) return refused(answered);
      wireReceipt.parse(answered.body);
      return { outcome: "accepted" };
    },
  };
};
export type ApiClient = ReturnType<typeof apiClient>;

function told({ ok, status, body }: Answered): HandedOver {
  if (ok) {
    const { repeated, receipt } = wireHandedOver.parse(body);
    return { outcome: "accepted", repeated, receipt };
  }
  return refused({ status, body });
}

function refused({ status, body }: Pick<Answered, "status" | "body">): Refused {
  const read = errorBody.safeParse(body);
  const { code, message } = read.success
    ? read.data.error
    : { code: `http.${status}`, message: "the API answered without a reason" };
  const mayPass = status >= 500 || status === 429 || PASSING.has(code);
  return { outcome: mayPass ? "later" : "never", code, message };
}

/** Whoever gathers is not believed, so not read without end either: twelve full batches are a tenth of it. @throws Error */
const MOST_BYTES = 1_048_576;
async function bodyOf(response: Response): Promise<string> {
  const bytes = await readAtMost(response, MOST_BYTES);
  if (bytes === null) throw new Error(`${response.url} answered with more than ${MOST_BYTES} bytes`);
  return bytes.toString("utf8");
}

/** A proxy's page is no JSON; its status has to do. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
