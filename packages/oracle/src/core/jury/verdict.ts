import { at } from "@sooth/kernel";
import type { JuryPhase } from "./jury.ts";
import type { JuryChoice } from "./vote.ts";

/** Percent of all drawn seats that a verdict needs. Source: Votes.sol. */
const SUPERMAJORITY = 65;
const CHOICES = [1, 2, 3] as const;

/** Seats that must agree for a verdict of a jury of `size`. */
export const seatsNeeded = (size: number): number => Math.ceil((SUPERMAJORITY * size) / 100);

/** What a seat voted, 0 when it has not. */
export type SeatVote = JuryChoice | 0;
export type JuryVerdict = { ended: boolean; choice: SeatVote; votesFor: number; drawn: number };

/** The votes of `Court.votesOf`, two bits a seat, seat 0 lowest. */
export const seatVotes = (word: bigint, size: number): SeatVote[] =>
  Array.from({ length: size }, (_, seat) => Number((word >> BigInt(2 * seat)) & 3n) as SeatVote);

/** `seatVotes` back. */
export const votesWord = (votes: readonly SeatVote[]): bigint =>
  votes.reduce((word, vote, seat) => word | (BigInt(vote) << BigInt(2 * seat)), 0n);

/** The votes after `cast` was revealed: seats of a juror vote as one, and what was revealed first counts. */
export const withVotes = (
  votes: readonly SeatVote[],
  seats: readonly number[],
  cast: readonly { juror: number; choice: JuryChoice }[],
): SeatVote[] =>
  votes.map((vote, seat) =>
    vote === 0 ? (cast.find(({ juror }) => juror === seats[seat])?.choice ?? 0) : vote,
  );

/** Mirror of `Court.verdictOf`. `votesFor` belongs to the leading choice, the lowest of equals, when undecided. */
export function juryVerdict(votes: readonly SeatVote[], phase: JuryPhase): JuryVerdict {
  const counts = CHOICES.map((choice) => votes.filter((vote) => vote === choice).length);
  const votesFor = Math.max(...counts);
  const leading = at(CHOICES, counts.indexOf(votesFor));
  const decided = votesFor * 100 >= SUPERMAJORITY * votes.length;
  const complete = votes.every((vote) => vote !== 0);
  return {
    ended: decided || complete || phase === "over",
    choice: decided ? leading : 0,
    votesFor,
    drawn: votes.length,
  };
}

/** What each coherent seat is paid of a fee, rounded down, and what goes back to the arbitrable. */
export function splitFee(fee: bigint, { choice, votesFor, drawn }: JuryVerdict) {
  const perSeat = choice === 0 ? 0n : fee / BigInt(drawn);
  return { perSeat, returned: fee - perSeat * BigInt(votesFor) };
}
