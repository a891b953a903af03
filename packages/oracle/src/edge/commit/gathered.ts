import type { Hex } from "@sooth/kernel";
import { commitsFirst, type Gathered, pieceAt } from "../../core/index.ts";
import { commitLimits } from "../contract.ts";
import type { WorkerDeps } from "../deps.ts";
import type { StoredQuestion } from "../questions.ts";
import { batchesOf, commitmentsOf, lastOpeningsOf, signaturesOf } from "./store.ts";

/** What is held of those questions whose values are committed first, by question; of the epoch that is current now. */
export async function gatheredOf(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses">,
  questions: readonly StoredQuestion[],
  { now, epochOf }: { now: number; epochOf: (domain: number) => number },
): Promise<Map<Hex, Gathered>> {
  const { tier, seconds } = await commitLimits(deps.hub, deps.addresses);
  const hidden = questions.filter(({ terms, word }) => word.state === "open" && commitsFirst(terms, tier));
  const found = new Map<Hex, Gathered>();
  if (hidden.length === 0) return found;
  const ids = hidden.map(({ id }) => id);
  const { db } = deps.store;
  const since = pieceAt(now, seconds).phase;
  const [commitments, batches, signatures, openings] = await Promise.all([
    commitmentsOf(db, ids, since),
    batchesOf(db, ids, since),
    signaturesOf(db, ids, since),
    lastOpeningsOf(db, ids),
  ]);
  for (const { id, round, terms } of hidden) {
    const epoch = epochOf(terms.domain);
    const isCurrent = (each: { question: Hex; round: number; epoch: number }) =>
      each.question === id && each.round === round && each.epoch === epoch;
    found.set(id, {
      seconds,
      commitments: commitments.filter(isCurrent),
      batches: batches.filter(isCurrent),
      signatures: signatures.filter(isCurrent),
      opened: openings.filter(isCurrent),
    });
  }
  return found;
}
