import { SLICES } from "./slices.ts";

/** Has the rounds proved that slices wait for. A job of its own: relays far away must not hold up answers. */
export const PROVE_ROUNDS = "prove-rounds";
/** Answers one question or feed of which a quorum has just spoken, before the next block's sweep does. */
export const TAKE_UP = "take-up";
/** Looks what is due in a slice. */
export const sweepJob = (slice: string): string => `sweep-${slice}`;
const monitorJob = (slice: string): string => `monitor-${slice}`;
export const MONITORS = SLICES.flatMap(({ name, monitor }) =>
  monitor ? [{ name, job: monitorJob(name), monitor }] : [],
);
export const JOBS: readonly string[] = [
  ...SLICES.map((slice) => sweepJob(slice.name)),
  ...MONITORS.map(({ job }) => job),
  PROVE_ROUNDS,
  TAKE_UP,
];
