import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { addDeviations, correlatedPairs, createCorrelation, type Correlation } from "./correlation.ts";

/**
 * Who answers after whom, within the time that a message takes, with the same value. Order alone says little: the slower of
 * two follows the faster one all day. A copier's delay moves with that of the one he copies; so the follow must be frequent
 * and the delays must move together beyond what moves with the middle delay of the question.
 */
export type Following = {
  readonly capacity: number;
  /** [follower x capacity + leader]: answers within the propagation time, of the same value. */
  readonly follows: Uint32Array;
  readonly delays: Correlation;
};

/** `at` in milliseconds since the round opened, by one clock, that of whoever collects. */
export type Timed<V> = { provider: number; value: V; at: number };

export type Copy = {
  leader: number;
  follower: number;
  common: number;
  followed: number;
  r: number;
  p: number;
};

export type CopyingLimits = {
  minCommon: number;
  /** Share of the common questions that a copier follows in. */
  share: number;
  /** Correlation of delays that honest pairs may have: same region, same provider of nodes. */
  slack: number;
  level: number;
};

export const createFollowing = (capacity: number): Following => ({
  capacity,
  follows: new Uint32Array(capacity * capacity),
  delays: createCorrelation(capacity),
});

/** Delays of more propagation times than this count as this many: one stalled machine is no pattern. */
const DELAY_BOUND = 20;

/** Adds one question. `propagation` in milliseconds: a copy cannot come later than it takes to see and to send. */
export function addTimes<V>(into: Following, answers: readonly Timed<V>[], propagation: number): void {
  if (answers.length < 3) return;
  const sorted = answers.toSorted((a, b) => a.at - b.at);
  for (const [index, leader] of sorted.entries())
    for (let next = index + 1; next < sorted.length; next += 1) {
      const follower = sorted[next] as Timed<V>;
      if (follower.at - leader.at > propagation) break;
      if (follower.at === leader.at || follower.value !== leader.value) continue;
      const place = follower.provider * into.capacity + leader.provider;
      into.follows[place] = (into.follows[place] ?? 0) + 1;
    }
  const middle = sorted[(sorted.length - 1) >> 1]?.at ?? 0;
  // The middle delay is the block, the network, the source: what all have in common is taken out of each.
  const cause = { source: 0, value: middle / propagation };
  addDeviations(
    into.delays,
    answers.map(({ provider, at }) => ({ provider, value: at / propagation, cause })),
    DELAY_BOUND,
  );
}

/** Copies that Benjamini-Hochberg lets stand, leader and follower told apart by who comes first more often. */
export function findCopies(from: Following, limits: CopyingLimits): Copy[] {
  const pairs = correlatedPairs(from.delays, limits);
  const cut = benjaminiHochberg(
    pairs.map(({ p }) => p),
    limits.level,
  );
  if (cut === null) return [];
  return pairs.flatMap(({ a, b, common, r, p }) => {
    if (p > cut) return [];
    const aFollows = from.follows[a * from.capacity + b] ?? 0;
    const bFollows = from.follows[b * from.capacity + a] ?? 0;
    const followed = Math.max(aFollows, bFollows);
    if (followed < limits.share * common) return [];
    const [leader, follower] = aFollows > bFollows ? [b, a] : [a, b];
    return [{ leader, follower, common, followed, r, p }];
  });
}
