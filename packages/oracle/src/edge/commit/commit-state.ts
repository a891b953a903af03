import type { Executor } from "@sooth/store";
import type { z } from "zod";
import { commitsFirst, pieceAt, type SignerSet, statusOf, type wireCommitState } from "../../core/index.ts";
import type { CommitLimits } from "../contract.ts";
import type { StoredQuestion } from "../questions.ts";
import { commitmentsOf, openingsOf, postedBatches } from "./store.ts";

/** Where an open question stands whose values are committed first; null where they need not be. */
export async function commitState(
  db: Executor,
  { id, terms, word, round }: StoredQuestion,
  { epoch, seats }: SignerSet,
  { now, limits }: { now: number; limits: CommitLimits },
): Promise<z.infer<typeof wireCommitState> | null> {
  if (!commitsFirst(terms, limits.tier) || statusOf(word, now) !== "open") return null;
  const { phase, committing, from, until } = pieceAt(now, limits.seconds);
  const [commitments, batches, opened] = await Promise.all([
    commitmentsOf(db, [id], phase),
    postedBatches(db, id),
    openingsOf(db, [id]),
  ]);
  const isNow = (each: { round: number; epoch: number; phase: number }) =>
    each.round === round && each.epoch === epoch && each.phase === phase;
  return {
    phase,
    committing,
    from,
    until,
    committed: commitments.filter(isNow).length,
    revealed: opened.filter(isNow).length,
    seats: seats.length,
    posted: batches.some((batch) => isNow(batch) && batch.posted !== null),
  };
}
