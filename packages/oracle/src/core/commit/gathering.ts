import type { Hex } from "@sooth/kernel";
import { hasMajority, hasQuorum, plurality, sumOfWeights, type Weighted } from "../aggregate.ts";
import { bitmapOf } from "../answer-word.ts";
import { packAgreed, packEntries, type SeatReport } from "../report.ts";
import type { Terms } from "../terms.ts";
import type { SignerSet } from "../weights.ts";
import type { BatchClaim, BatchSignature } from "./batch.ts";
import { chainedHash, commitmentOf, packPlaces, securingWeight } from "./commitment.ts";
import { formFrom, pieceAt } from "./phase.ts";

/** What a provider handed over, with its signature under it: nobody learns a value from it. */
export type SeatCommitment = BatchClaim & { epoch: number; round: number; phase: number };
/** Commitments in the order in which they are hashed, which is that of their seats. `posted`: the hash is on chain. */
export type CommitBatch = {
  round: number;
  phase: number;
  chained: Hex;
  commitments: readonly Hex[];
  posted: boolean;
  /** Formed by another collector, and brought here by who signed it. */
  adopted: boolean;
};
/** A report, and the salt that opens what was committed to in that phase. */
export type OpenedReport = SeatReport & { phase: number; salt: Hex };

/** What a collector holds of one question of the top tier, of its current round and epoch. */
export type Gathered = {
  /** COMMIT_SECONDS of the oracle. */
  seconds: number;
  commitments: readonly SeatCommitment[];
  /** Of a phase this collector's own, and those that nodes signed beside it. */
  batches: readonly CommitBatch[];
  /** Under whichever batch. */
  signatures: readonly BatchSignature[];
  opened: readonly OpenedReport[];
};

export type CommitStep =
  | { do: "wait"; until: number; why: string }
  | { do: "form"; phase: number; chained: Hex; commitments: readonly SeatCommitment[] }
  | { do: "commit"; phase: number; chained: Hex; seats: bigint; signatures: Hex }
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

/** In the last twelfth nothing is posted any more: it would come too late, and cost its gas. */
const CLOSED_PART = 12;
/** Of the time to reveal: in its first half the contract takes nothing but the whole batch. Source: IOracle.reportCommitted. */
const WHOLE_PART = 2;

/**
 * What a collector does for an open question whose values are committed first: in the time to commit it forms one batch of a
 * quorum's commitments, and posts it once a quorum co-signed it; in the time to reveal it shows the values. What a phase missed
 * the next one does anew.
 */
export function commitStep(open: Open): CommitStep {
  const piece = pieceAt(open.now, open.gathered.seconds);
  return piece.committing ? toCommit(open, piece) : toReveal(open, piece);
}

type Piece = ReturnType<typeof pieceAt>;

function toCommit(open: Open, { phase, until }: Piece): CommitStep {
  const { gathered, signers, now } = open;
  const wait = (why: string): CommitStep => ({ do: "wait", until, why });
  if (now >= until - Math.ceil(gathered.seconds / CLOSED_PART))
    return wait("the time to commit is all but over");
  if (until >= open.deadline) return wait("what is committed now could only be revealed after the deadline");
  const batches = batchesOf(open, phase);
  if (batches.some(({ posted }) => posted)) return wait("the batch is on chain");
  // Whoever formed it: who alone could post it would alone be shown the values.
  const cosigned = batches.find((batch) =>
    hasQuorum(weightOf(open, signedOf(open, batch)), signers.totalWeight),
  );
  if (cosigned) return toPost(open, cosigned);
  const own = batches.find(({ adopted }) => !adopted);
  if (own) return wait(`${signedOf(open, own).length} of ${signers.seats.length} seats co-signed`);
  const held = ofSeats(open, gathered.commitments).filter((each) => each.phase === phase);
  if (held.length === 0) return wait("nobody committed yet");
  if (!isQuorum(open, held)) return wait(`${held.length} of ${signers.seats.length} seats committed`);
  if (hasNoAnswer(open, held)) return wait("those who committed have shown values that make no answer");
  if (held.length < signers.seats.length && now < formFrom(phase, gathered.seconds))
    return wait("others may commit yet");
  const commitments = held.toSorted((a, b) => a.seat - b.seat);
  const chained = chainedHash(commitments.map(({ commitment }) => commitment));
  return { do: "form", phase, chained, commitments };
}

function toPost(open: Open, batch: CommitBatch): CommitStep {
  const { phase, chained } = batch;
  const signed = signedOf(open, batch);
  return {
    do: "commit",
    phase,
    chained,
    seats: bitmapOf(signed.map(({ seat }) => seat)),
    signatures: packAgreed(signed.map(({ seat, signature }) => ({ seat, value: 0n, signature }))),
  };
}

const signedOf = (open: Open, { phase, chained }: CommitBatch): BatchSignature[] =>
  ofSeats(open, open.gathered.signatures).filter((each) => each.phase === phase && each.chained === chained);
const batchesOf = ({ gathered, round }: Open, phase: number): CommitBatch[] =>
  gathered.batches.filter((batch) => batch.phase === phase && batch.round === round);

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
  // One, unless more than a third of the weight signed two.
  const [best] = batchesOf(open, phase)
    .filter(({ posted }) => posted)
    .map((batch) => ({ batch, reports: openedOf(open, batch) }))
    .toSorted((a, b) => (weightOf(open, b.reports) > weightOf(open, a.reports) ? 1 : -1));
  if (!best) return wait("this phase was missed: no batch that is known here is on chain");
  const { reports } = best;
  const { commitments } = best.batch;
  if (!isQuorum(open, reports)) return wait(`${reports.length} values are revealed`);
  if (!isAnswer(open, reports)) return wait("what was revealed makes no answer");
  const isWhole = reports.length === commitments.length;
  if (!isWhole && now < from + Math.ceil(gathered.seconds / WHOLE_PART))
    return wait("others of the batch may reveal yet");
  const sorted = reports.toSorted((a, b) =>
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
