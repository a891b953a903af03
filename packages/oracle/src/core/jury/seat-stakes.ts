import type { Amount } from "@sooth/kernel";
import { FAULT_PPM, slashOf } from "../economy/slash.ts";

/** What a juror stands to earn and to lose in one jury, collateral. Losses are once for each juror, however many his seats. */
export type SeatStakes = {
  /** Paid when he votes with the verdict; nothing when the jury ends undecided. */
  coherent: bigint;
  /** Lost when he votes against the verdict. */
  incoherent: bigint;
  /** Lost when he does not vote. */
  missing: bigint;
  /** Lost when he sealed a vote on chain and does not open it: what staying away costs, and more. */
  withheld: bigint;
  /** Lost when somebody shows his vote before votes are opened. */
  leaked: bigint;
  /** Lost when he votes and somebody shows that he holds a position in what is decided. */
  position: bigint;
  /** Lost, with his place, when he signs two different votes: all. */
  equivocal: bigint;
};

/**
 * Of `stake` as it is now: it is slashed as it is then, without a court's verdict never by more than 30 % in an epoch. Rounds as
 * `Court.close` and `SlashRule` do: down.
 */
export function seatStakes(jury: { fee: bigint; size: number }, seats: number, stake: bigint): SeatStakes {
  const lost = (ppm: number): bigint => slashOf(stake as Amount, ppm);
  const missing = lost(FAULT_PPM.jurorMissing);
  return {
    coherent: (jury.fee / BigInt(jury.size)) * BigInt(seats),
    incoherent: lost(FAULT_PPM.jurorIncoherent),
    missing,
    withheld: missing + slashOf((stake - missing) as Amount, FAULT_PPM.noReveal),
    leaked: lost(FAULT_PPM.voteLeaked),
    position: lost(FAULT_PPM.positionUndeclared),
    equivocal: lost(FAULT_PPM.equivocation),
  };
}

/**
 * How sure of the verdict a juror must be not to lose on average by voting, basis points, rounded up; null when he can neither
 * earn nor lose.
 */
export function voteBreakEven({
  coherent,
  incoherent,
}: Pick<SeatStakes, "coherent" | "incoherent">): number | null {
  const both = coherent + incoherent;
  return both === 0n ? null : Number((incoherent * 10_000n + both - 1n) / both);
}
