import type { Hex } from "@sooth/kernel";
import type { App } from "@sooth/runtime";
import { z } from "zod";
import {
  BATCHES_SHOWN,
  OracleError,
  pieceAt,
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
import { batchesOf, commitmentsOf } from "./store.ts";

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
  app.get(
    "/v1/questions/:id/commit-batches",
    {
      schema: {
        operationId: "listCommitBatches",
        tags,
        summary:
          "Batches of commitments of the question's round, of this phase and the one before, the last first",
        description:
          "Whoever is in one hashes it, compares the hash with the chain's, and then shows his value.",
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
  const [batches, held] = await Promise.all([
    batchesOf(db, [question], since),
    commitmentsOf(db, [question], since),
  ]);
  return batches
    .filter((batch) => batch.round === round)
    .toSorted((a, b) => b.phase - a.phase)
    .slice(0, BATCHES_SHOWN)
    .map(({ epoch, phase, chained, posted, commitments }) => {
      const own = held.filter((each) => each.round === round && each.epoch === epoch && each.phase === phase);
      return {
        epoch,
        round,
        phase,
        chained,
        posted,
        commitments: commitments.flatMap((commitment) => {
          const its = own.find((each) => each.commitment === commitment);
          return its ? [{ seat: its.seat, commitment, signature: its.signature }] : [];
        }),
      };
    });
}
