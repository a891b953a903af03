import { RandomnessError } from "./errors.ts";

/** When a beacon speaks: round r is published at `genesis + (r - 1) * period`. Unix seconds and seconds. */
export type Schedule = { genesis: number; period: number };

/** The contract tells time in 40 bits. */
const LAST_SECOND = 2n ** 40n - 1n;

/** Unix seconds at which `round` is published. @throws randomness.bad_round */
export function timeOf({ genesis, period }: Schedule, round: bigint): number {
  const time = BigInt(genesis) + (round - 1n) * BigInt(period);
  if (round < 1n || time > LAST_SECOND) throw RandomnessError.bad_round({ round });
  return Number(time);
}

/** The first round whose signature nobody can know at `time`: it is published strictly later. @throws randomness.bad_round */
export function roundAfter(schedule: Schedule, time: number): bigint {
  const round = latestRound(schedule, time) + 1n;
  timeOf(schedule, round);
  return round;
}

/** The newest round that is published at `time`; 0 before the first. */
export const latestRound = ({ genesis, period }: Schedule, time: number): bigint =>
  time < genesis ? 0n : BigInt(Math.floor((time - genesis) / period)) + 1n;
