/** A piece of time of the contract: to commit in, or to reveal in. Unix seconds. */
export type Piece = {
  /** Names the commit and the reveal that belong together. */
  phase: number;
  committing: boolean;
  from: number;
  /** First second of the next piece. */
  until: number;
};

/** By turns there is a time to commit and one to reveal, `seconds` long each. Mirror of `_phase` in Reporting.sol. */
export function pieceAt(at: number, seconds: number): Piece {
  const piece = Math.floor(at / seconds);
  return {
    phase: Math.floor(piece / 2),
    committing: piece % 2 === 0,
    from: piece * seconds,
    until: (piece + 1) * seconds,
  };
}

/** Where the time to reveal of `phase` begins, unix seconds. */
export const revealFrom = (phase: number, seconds: number): number => (2 * phase + 1) * seconds;

/**
 * This part of the time to reveal passes before anything is opened: a block that is taken back could else bring an open value
 * into the time to commit, where others could still commit to it.
 */
const FIRST_PART = 12;

/** From when on a provider opens what it committed to in `phase`, unix seconds. */
export const openFrom = (phase: number, seconds: number): number =>
  revealFrom(phase, seconds) + Math.ceil(seconds / FIRST_PART);

/** Of the time to commit: after its first half who is missing is waited for no longer. */
const PATIENT_PART = 2;
/** So much later batches are signed that lack a seat: by then every collector shows its own. */
const SHOWN_PART = 12;

/** From when on in `phase` a collector forms a batch without those who have not committed, unix seconds. */
export const formFrom = (phase: number, seconds: number): number =>
  2 * phase * seconds + Math.ceil(seconds / PATIENT_PART);

/** From when on in `phase` nodes sign a batch that lacks a seat, or that not every collector shows; unix seconds. */
export const cosignFrom = (phase: number, seconds: number): number =>
  formFrom(phase, seconds) + Math.ceil(seconds / SHOWN_PART);

/** Phases in a row that are tried before they are spaced out. */
const PHASES_IN_A_ROW = 48;

/**
 * Whether `phase` of a question is tried that could first be answered in `first`: what came to nothing for long is tried ever
 * more rarely, or a question that nobody can answer would be worked on in every phase to its deadline. Everybody takes the same
 * phases, because they are multiples; the wait is at most a 24th of what was waited.
 */
export function isTried(phase: number, first: number): boolean {
  const passed = phase - first;
  if (passed < PHASES_IN_A_ROW) return true;
  const step = 2 ** (Math.floor(Math.log2(passed / PHASES_IN_A_ROW)) + 1);
  return phase % step === 0;
}

/** Of a piece: no longer is waited with another try, or who was behind for a moment would be asked too late. */
const PAUSE_PART = 60;

/** Seconds until the next try, of a phase in pieces of `seconds`, after `tried` in vain: twice as long each time, within limits. */
export const pauseAfter = (tried: number, seconds: number): number =>
  Math.min(2 ** Math.min(tried - 1, 20), Math.max(1, Math.floor(seconds / PAUSE_PART)));

/**
 * What a question of the top tier must at least be given from opening to deadline, seconds: it may open in the middle of a
 * time to commit, and then waits for the next whole one and what belongs to it.
 */
export const leastSpan = (seconds: number): number => 4 * seconds;
