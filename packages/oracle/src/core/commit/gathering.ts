import type { Hex } from "@sooth/kernel";
import { hasMajority, plurality, sumOfWeights, type Weighted } from "../aggregate.ts";
import { packEntries, type SeatReport } from "../report.ts";
import type { Terms } from "../terms.ts";
import type { SignerSet } from "../weights.ts";
import { chainedHash, commitmentOf, packPlaces, securingWeight } from "./commitment.ts";
import { pieceAt } from "./phase.ts";

/** What a provider handed over: nobody learns a value from it. */
export type SeatCommitment = { epoch: number; round: number; phase: number; seat: number; commitment: Hex };
/** Commitments in the order in which they are hashed. `posted`: the hash is on chain. */
export type CommitBatch = {
  round: number;
  phase: number;
  chained: Hex;
  commitments: readonly Hex[];
  posted: boolean;
};
/** A report, and the salt that opens what was committed to in that phase. */
export type OpenedReport = SeatReport & { phase: number; salt: Hex };

/** What a collector holds of one question of the top tier, of its current round and epoch. */
export type Gathered = {
  /** COMMIT_SECONDS of the oracle. */
  seconds: number;
  commitments: readonly SeatCommitment[];
  batches: readonly CommitBatch[];
  opened: readonly OpenedReport[];
};

export type CommitStep =
  | { do: "wait"; until: number; why: string }
  | { do: "commit"; phase: number; chained: Hex; commitments: readonly Hex[] }
  | {
      do: "transmit";
      mode: "committed";
      phase: number;
      entries: Hex;
      commitments: readonly Hex[];
      openings: Hex;
    };

type Open = {
  id: Hex;
  round: number;
  deadline: number;
  terms: Pick<Terms, "aggregation" | "min" | "max" | "secures">;
  signers: SignerSet;
  gathered: Gathered;
  /** Unix seconds, of the latest block. */
  now: number;
  isEnough: (weight: bigint, totalWeight: bigint) => boolean;
};

/** Of the time to commit: in its last third who is missing is waited for no longer. */
const LATE_PART = 3;
/** In the last twelfth nothing is posted any more: it would come too late, and cost its gas. */
const CLOSED_PART = 12;
/** Of the time to reveal: after its first half a quorum is enough, before every seat is waited for. */
const PATIENT_PART = 2;
/** Batches of one phase: each costs a transaction, and holds more than the one before. */
const MOST_BATCHES = 3;

/**
 * What a collector does for an open question whose values are committed first: posts commitments of a quorum in the time to
 * commit, shows the values of a batch in the time to reveal. What a phase missed the next one does anew.
 */
export function commitStep(open: Open): CommitStep {
  const piece = pieceAt(open.now, open.gathered.seconds);
  return piece.committing ? toCommit(open, piece) : toReveal(open, piece);
}

type Piece = ReturnType<typeof pieceAt>;

function toCommit(open: Open, { phase, until }: Piece): CommitStep {
  const { gathered, signers, now } = open;
  const held = ofSeats(open, gathered.commitments).filter((each) => each.phase === phase);
  const batches = gathered.batches.filter((batch) => batch.phase === phase && batch.round === open.round);
  const shown = new Set(batches.flatMap(({ commitments }) => commitments));
  const waiting = batches.find(({ posted }) => !posted);
  const wait = (why: string): CommitStep => ({ do: "wait", until, why });
  if (now >= until - Math.ceil(gathered.seconds / CLOSED_PART))
    return wait("the time to commit is all but over");
  if (waiting) return { do: "commit", ...waiting };
  if (until >= open.deadline) return wait("what is committed now could only be revealed after the deadline");
  if (held.every(({ commitment }) => shown.has(commitment)))
    return wait(held.length === 0 ? "nobody committed yet" : "what was committed is on chain");
  if (!isQuorum(open, held)) return wait(`${held.length} of ${signers.seats.length} seats committed`);
  if (hasNoAnswer(open, held)) return wait("those who committed have shown values that make no answer");
  const isLate = now >= until - Math.ceil(gathered.seconds / LATE_PART);
  if (held.length < signers.seats.length && !isLate) return wait("others may commit yet");
  if (batches.length >= MOST_BATCHES) return wait("enough batches were posted");
  const commitments = held.toSorted((a, b) => a.seat - b.seat).map(({ commitment }) => commitment);
  return { do: "commit", phase, chained: chainedHash(commitments), commitments };
}

/**
 * Choices that were shown, of which none has a majority, even if all who have not shown theirs chose the same: another phase
 * would show that again. Reckoned by weight: who commits and never opens cannot have it all posted without end.
 */
function hasNoAnswer(open: Open, held: readonly SeatCommitment[]): boolean {
  if (open.terms.aggregation !== "plurality") return false;
  const values = new Map(ofSeats(open, open.gathered.opened).map(({ seat, value }) => [seat, value]));
  const shown = held.flatMap((each): Weighted[] => {
    const value = values.get(each.seat);
    return value === undefined ? [] : [{ value, weight: weigh(open, each) }];
  });
  if (shown.length === 0) return false;
  const hidden = weightOf(open, held) - sumOfWeights(shown);
  return !hasMajority(plurality(shown).weight + hidden, open.signers.totalWeight);
}

function toReveal(open: Open, { phase, from, until }: Piece): CommitStep {
  const { gathered, now } = open;
  const wait = (why: string): CommitStep => ({ do: "wait", until, why });
  const posted = gathered.batches.filter(
    (batch) => batch.phase === phase && batch.round === open.round && batch.posted,
  );
  if (posted.length === 0) return wait("this phase was missed: no batch of commitments is on chain");
  const found = posted
    .map((batch) => ({ batch, reports: openedOf(open, batch) }))
    .toSorted((a, b) => (weightOf(open, b.reports) > weightOf(open, a.reports) ? 1 : -1));
  const [best] = found;
  if (!best || !isQuorum(open, best.reports)) return wait(`${best?.reports.length ?? 0} values are revealed`);
  if (!isAnswer(open, best.reports)) return wait("what was revealed makes no answer");
  const { commitments } = best.batch;
  // Another collector's batch may hold those whom this one lacks.
  const isWhole = best.reports.length === open.signers.seats.length;
  if (!isWhole && now < from + Math.ceil(gathered.seconds / PATIENT_PART))
    return wait("others may reveal yet, here or at another collector");
  const sorted = best.reports.toSorted((a, b) =>
    a.value === b.value ? a.seat - b.seat : a.value < b.value ? -1 : 1,
  );
  return {
    do: "transmit",
    mode: "committed",
    phase,
    entries: packEntries(sorted),
    commitments,
    openings: packPlaces(sorted.map(({ place, salt }) => ({ place, salt }))),
  };
}

/** The reports that open a commitment of the batch and are within the question's bounds, with its place. */
function openedOf(open: Open, { phase, commitments }: CommitBatch): (OpenedReport & { place: number })[] {
  const { id, round, signers, terms } = open;
  return ofSeats(open, open.gathered.opened).flatMap((report) => {
    if (report.phase !== phase || report.value < terms.min || report.value > terms.max) return [];
    const own = commitmentOf({ ...report, question: id, epoch: signers.epoch, round });
    const place = commitments.indexOf(own);
    return place === -1 ? [] : [{ ...report, place }];
  });
}

const ofSeats = <T extends { seat: number }>({ signers }: Open, all: readonly T[]): T[] =>
  all.filter(({ seat }) => signers.seats[seat] !== undefined);
const weigh = ({ signers }: Open, { seat }: { seat: number }): bigint => signers.seats[seat]?.weight ?? 0n;
const weightOf = (open: Open, of: readonly { seat: number }[]): bigint =>
  of.reduce((sum, each) => sum + weigh(open, each), 0n);

/** Less could not be an answer, and what is shown in vain can be copied. */
function isQuorum(open: Open, of: readonly { seat: number }[]): boolean {
  const weight = weightOf(open, of);
  return open.isEnough(weight, open.signers.totalWeight) && weight >= securingWeight(open.terms.secures);
}

function isAnswer(open: Open, reports: readonly SeatReport[]): boolean {
  const weighted = reports.map((report): Weighted => ({ value: report.value, weight: weigh(open, report) }));
  if (!open.isEnough(sumOfWeights(weighted), open.signers.totalWeight)) return false;
  return (
    open.terms.aggregation !== "plurality" ||
    hasMajority(plurality(weighted).weight, open.signers.totalWeight)
  );
}
