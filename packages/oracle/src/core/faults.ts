import type { Hex } from "@sooth/kernel";
import { isSentinel } from "./answer-word.ts";
import { drawnJurors, type Collection } from "./disputes/collecting.ts";
import { juryPhase } from "./jury/jury.ts";
import type { Terms } from "./terms.ts";

/** What anybody can prove with two signatures or one, and so somebody has to send. Mirror of ISlasher.sol and ICourt.sol. */

type Said = { value: bigint; root?: Hex | null };

/** Whether two reports of one key for the same question, epoch and round say two things. */
export const contradicts = (one: Said, other: Said): boolean =>
  one.value !== other.value || (one.root ?? null) !== (other.root ?? null);

/**
 * Reports that are further from the final answer than the question tolerates; each costs its signer, and the first within 30
 * days is a warning. All must be of the answer's epoch and round.
 */
export const outsideReports = <R extends { value: bigint }>(
  { tolerance, min, max, aggregation }: Pick<Terms, "tolerance" | "min" | "max" | "aggregation">,
  answer: bigint,
  reports: readonly R[],
): R[] =>
  aggregation === "root" || tolerance === 0n || isSentinel(answer)
    ? []
    : reports.filter(({ value }) => {
        const distance = value > answer ? value - answer : answer - value;
        return value >= min && value <= max && distance > tolerance;
      });

/** A vote that was committed on chain and never opened. Without `commitments` the juror committed himself. */
export type WithheldVote = { juror: number; commitments: readonly Hex[]; index: number; signature: Hex };

/**
 * Drawn jurors who committed and opened nothing by the end. Who handed his opening over here is not to blame when it did
 * not reach the chain. `own`: who committed himself; `shown`: of whom it was shown before.
 */
export function withheldVotes(
  known: Pick<Collection, "jury" | "windows" | "seats" | "votes" | "commitments" | "batches" | "openings"> & {
    own: readonly { juror: number }[];
    shown: readonly number[];
  },
  clock: number,
): WithheldVote[] {
  const { seats, votes } = known;
  if (seats === null || juryPhase(known.jury, known.windows, clock) !== "over") return [];
  return drawnJurors(seats).flatMap((juror): WithheldVote[] => {
    const hasVoted = votes[seats.indexOf(juror)] !== 0;
    if (hasVoted || known.shown.includes(juror) || known.openings.some((each) => each.juror === juror))
      return [];
    if (known.own.some((each) => each.juror === juror))
      return [{ juror, commitments: [], index: 0, signature: "0x" }];
    const held = known.commitments.find((each) => each.juror === juror);
    const batch = known.batches.find(
      ({ commitments, posted }) => posted && held && commitments.includes(held.commitment),
    );
    if (!held || !batch) return [];
    const { commitments } = batch;
    return [{ juror, commitments, index: commitments.indexOf(held.commitment), signature: held.signature }];
  });
}
