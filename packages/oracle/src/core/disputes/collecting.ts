import type { Hex } from "@sooth/kernel";
import {
  type JuryBallot,
  batchHash,
  voteCommitment,
  type CourtWindows,
  type Jury,
  juryId,
  juryPhase,
  juryWindows,
  type Opening,
  packOpenings,
  type SeatVote,
} from "../jury/index.ts";

/** What a juror handed over: nobody learns a vote from it. */
export type HeldCommitment = { juror: number; commitment: Hex; signature: Hex };
/** Commitments in the order of their hash. */
export type Batch = { batch: Hex; commitments: readonly Hex[]; posted: boolean };

/** What a collector knows of a jury. */
export type Collection = {
  jury: Jury;
  windows: CourtWindows;
  /** Who holds each seat; null until the beacon's round is proved. */
  seats: readonly number[] | null;
  votes: readonly SeatVote[];
  isClosed: boolean;
  commitments: readonly HeldCommitment[];
  batches: readonly Batch[];
  openings: readonly JuryBallot[];
};

/** `form`: keep this order of commitments before anything is sent, because only who knows it can open the batch. */
export type CollectorStep =
  | { do: "form"; batch: Hex; commitments: readonly Hex[] }
  | { do: "post"; batch: Hex }
  | { do: "reveal"; batch: Hex; openings: Hex }
  | { do: "close" };

/** Latest part of a window in which a collector no longer waits for those who are missing. */
const LAST_PART = 3;
/** Who closes a jury whose round nobody proves waits for as much again as the reveal window. Source: ICourt.close. */
const WITHOUT_SEED = 2;

/** All that a collector has to do for a jury at `clock`, of the court. Doing any of it twice changes nothing. */
export function collectorSteps(known: Collection, clock: number): CollectorStep[] {
  const { jury, windows } = known;
  const { revealAt, endsAt } = juryWindows(jury, windows);
  const phase = juryPhase(jury, windows, clock);
  const isComplete = known.votes.every((vote) => vote !== 0);
  if (known.isClosed) return [];
  if (phase === "commit")
    return commitSteps(known, clock >= revealAt - Math.ceil(windows.commit / LAST_PART));
  if (phase === "reveal" && !isComplete)
    return revealSteps(known, clock >= endsAt - Math.ceil(windows.reveal / LAST_PART));
  const isOver = known.seats ? phase === "over" : clock >= revealAt + WITHOUT_SEED * (endsAt - revealAt);
  return isOver || isComplete ? [{ do: "close" }] : [];
}

/** Jurors behind the seats. */
export const drawnJurors = (seats: readonly number[]): number[] =>
  [...new Set(seats)].toSorted((a, b) => a - b);

function commitSteps(known: Collection, isLate: boolean): CollectorStep[] {
  const kept = new Set(known.batches.flatMap(({ commitments }) => commitments));
  const fresh = known.commitments
    .map(({ commitment }) => commitment)
    .filter((commitment) => !kept.has(commitment));
  const handed = new Set(known.commitments.map(({ juror }) => juror));
  const all = known.seats !== null && drawnJurors(known.seats).every((juror) => handed.has(juror));
  return [
    ...known.batches.flatMap(({ batch, posted }) => (posted ? [] : [{ do: "post" as const, batch }])),
    ...(fresh.length > 0 && (all || isLate)
      ? [{ do: "form" as const, batch: batchHash(fresh), commitments: fresh }]
      : []),
  ];
}

function revealSteps(known: Collection, isLate: boolean): CollectorStep[] {
  const { jury, seats, votes } = known;
  if (seats === null) return [];
  const id = juryId(jury);
  const signatures = new Map(known.commitments.map(({ commitment, signature }) => [commitment, signature]));
  const opened = new Map<Hex, Opening>();
  for (const ballot of known.openings) {
    const commitment = voteCommitment(id, ballot);
    const signature = signatures.get(commitment);
    if (signature) opened.set(commitment, { ...ballot, signature });
  }
  const hasVoted = (juror: number) => seats.some((holder, seat) => holder === juror && votes[seat] !== 0);
  return known.batches.flatMap(({ batch, commitments, posted }) => {
    const openings = commitments.map((commitment): Opening => opened.get(commitment) ?? { commitment });
    const ready = openings.filter((opening) => "juror" in opening);
    const news = ready.some(({ juror }) => seats.includes(juror) && !hasVoted(juror));
    const isWhole = ready.length === openings.length;
    return posted && news && (isWhole || isLate)
      ? [{ do: "reveal" as const, batch, openings: packOpenings(openings) }]
      : [];
  });
}
