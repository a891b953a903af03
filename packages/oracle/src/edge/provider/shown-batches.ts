import type { Hex } from "@sooth/kernel";
import {
  batchComplaint,
  chainedHash,
  hasQuorum,
  type OracleDomain,
  securingWeight,
  type SignableBatch,
  type SignerSet,
} from "../../core/index.ts";
import { readClaims } from "../commit/read-claims.ts";
import type { ShownBatch } from "./api-client.ts";
import type { KnownQuestion } from "./chain-view.ts";
import type { ReportCollector } from "./collectors.ts";
import type { Reporter } from "./report-question.ts";

/** A phase of a question as this node lives it. `commitment`: what it handed over in it, null where it had nothing to. */
export type OwnPhase = {
  epoch: number;
  round: number;
  phase: number;
  seat: number;
  commitment: Hex | null;
};

/** With what is in it. */
export type CheckedBatch = SignableBatch & Pick<ShownBatch, "commitments">;

/** Of one phase: an honest collector shows first what is on chain, and its own. Each costs a recovery for every seat. */
const MOST_CHECKED = 3;

export const domainOf = ({ hub, addresses }: Reporter): OracleDomain => ({
  chainId: hub.definition.id,
  oracle: addresses.oracle,
});

/**
 * The batches of a phase that a collector shows and that may be signed, and opened for: a quorum is in them, each seat once and
 * signed by its key, and this node with what it committed to. Whoever gathers could else make up all but one.
 * @throws when the collector cannot be reached
 */
export async function signableBatches(
  reporter: Reporter,
  { id, terms }: KnownQuestion,
  own: OwnPhase,
  collector: ReportCollector,
): Promise<CheckedBatch[]> {
  const signers = await reporter.view.signers(terms.domain);
  if (signers.epoch !== own.epoch) return [];
  const shown = (await collector.batches(id))
    .filter(({ round, phase, epoch }) => round === own.round && phase === own.phase && epoch === own.epoch)
    .slice(0, MOST_CHECKED);
  return shown.flatMap((batch): CheckedBatch[] => {
    if (!isEnough(batch, signers, terms.secures)) return [];
    const { epoch, round, phase } = own;
    const claims = readClaims(domainOf(reporter), { question: id, epoch, round, phase }, batch.commitments);
    const complaint = batchComplaint(claims, signers.seats, own);
    if (complaint !== null) {
      reporter.log.warn(
        { question: id, phase, collector: collector.url, complaint },
        "a batch is not signed",
      );
      return [];
    }
    const chained = chainedHash(claims.map(({ commitment }) => commitment));
    return [{ chained, seats: claims.length, commitments: batch.commitments }];
  });
}

/** Less could not become an answer, and would show values for nothing. Whether the seats are there once shows later. */
function isEnough({ commitments }: ShownBatch, { seats, totalWeight }: SignerSet, secures: bigint): boolean {
  const weight = commitments.reduce((sum, { seat }) => sum + (seats[seat]?.weight ?? 0n), 0n);
  return hasQuorum(weight, totalWeight) && weight >= securingWeight(secures);
}
