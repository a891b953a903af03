import type { Hex } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  BATCHES_SHOWN,
  OracleError,
  pieceAt,
  wireBatchSignature,
  type wireCommitBatch,
  wireCommitBatches,
  wireCommitmentReceipt,
  wireHex32,
  wireReportCommitment,
} from "../../core/index.ts";
import { chainTime } from "../clock.ts";
import { commitLimits } from "../contract.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { receiveReportCommitment } from "./receive-commitment.ts";
import { receiveBatchSignature } from "./receive-signature.ts";
import { batchesOf, signaturesOf, type StoredBatch, type StoredSignature } from "./store.ts";

const tags = ["oracle"];

/** For questions whose values are committed before they are shown, below /v1. */
export function commitRoutes(app: App, deps: ApiDeps): void {
  const { db } = deps.store;
  app.post(
    "/v1/report-commitments",
    {
      // Limited as all writing is.
      config: { scope: "report-receipts", cost: 0 },
      schema: {
        operationId: "handOverReportCommitment",
        tags,
        summary: "Hand over a provider's signed commitment to a value that nobody sees yet",
        body: wireReportCommitment,
        response: { 200: wireCommitmentReceipt },
      },
    },
    ({ body }) => receiveReportCommitment(deps, body),
  );
  app.post(
    "/v1/commit-batches/signatures",
    {
      // Limited as all writing is.
      config: { scope: "report-receipts", cost: 0 },
      schema: {
        operationId: "cosignCommitBatch",
        tags,
        summary: "Hand over a provider's signature under a batch of commitments, and what is in it",
        description:
          "One batch a phase: the same again gets the first receipt, a signature under another batch is kept as proof of it.",
        body: wireBatchSignature,
        response: { 200: wireCommitmentReceipt },
      },
    },
    ({ body }) => receiveBatchSignature(deps, body),
  );
  app.get(
    "/v1/questions/:id/commit-batches",
    {
      schema: {
        operationId: "listCommitBatches",
        tags,
        summary:
          "Batches of commitments of the question's round, of this phase and the one before, the last first",
        description:
          "In the time to commit providers check whose commitments it holds, and co-sign one. Once its hash is on chain whoever is in it shows his value.",
        params: z.object({ id: wireHex32 }),
        response: { 200: wireCommitBatches },
      },
    },
    async ({ params: { id } }) => {
      const question = await questionById(db, id);
      if (!question) throw OracleError.unknown_question({ question: id });
      return { items: await batchesIn(deps, question.id, question.round) };
    },
  );
}

async function batchesIn(
  deps: ApiDeps,
  question: Hex,
  round: number,
): Promise<z.infer<typeof wireCommitBatch>[]> {
  const { db } = deps.store;
  const [now, { seconds }] = await Promise.all([chainTime(deps.hub), commitLimits(deps.hub, deps.addresses)]);
  const since = pieceAt(now, seconds).phase - 1;
  const [batches, signatures] = await Promise.all([
    batchesOf(db, [question], since),
    signaturesOf(db, [question], since),
  ]);
  return batches
    .filter((batch) => batch.round === round)
    .map((batch) => ({ batch, cosigned: signatures.filter((each) => isUnder(each, batch)).length }))
    .toSorted(
      (a, b) => b.batch.phase - a.batch.phase || rankOf(b.batch) - rankOf(a.batch) || b.cosigned - a.cosigned,
    )
    .slice(0, BATCHES_SHOWN)
    .map(
      ({ batch: { epoch, phase, chained, posted, commitments, seats, signatures: signed }, cosigned }) => ({
        epoch,
        round,
        phase,
        chained,
        posted,
        cosigned,
        commitments: commitments.flatMap((commitment, place) => {
          const [seat, signature] = [seats?.[place], signed?.[place]];
          return seat === undefined || signature === undefined ? [] : [{ seat, commitment, signature }];
        }),
      }),
    );
}

const isUnder = (one: StoredSignature, { epoch, round, phase, chained }: StoredBatch): boolean =>
  one.epoch === epoch && one.round === round && one.phase === phase && one.chained === chained;
/** Readers check the first few: what is on chain, then this server's own; whatever one seat brought comes last. */
const rankOf = ({ posted, adopted }: StoredBatch): number => (posted ? 2 : adopted ? 0 : 1);
