import { ascending, type UnixSeconds } from "@sooth/kernel";

/** Percent of a round's weight that must agree. Above two thirds in calm; nine tenths after a jump or an outage. */
export const CALM_WEIGHT_BPS = 6_667;
export const GUARDED_WEIGHT_BPS = 9_000;

/** What a feed's breaker goes by. `jump` is k: median absolute deviations of the trailing rounds; see docs/oracle-simulation.md. */
export type FeedLimits = {
  jump: number;
  /** Trailing rounds that are looked at. Fewer than half of them known: nothing can be said of a jump. */
  rounds: number;
  /** Least deviation that counts, in bps of the value: a feed that stood still may move a little. */
  floorBps: number;
  /** How far from a secondary feed is too far, in bps. */
  secondaryBps: number;
  /** Seconds between rounds that the feed promises. */
  heartbeat: number;
  /** Band of the first value after an outage, in times `jump`. */
  reseedWiden: number;
};

export const FEED_LIMITS: FeedLimits = {
  jump: 10,
  rounds: 32,
  floorBps: 50,
  secondaryBps: 300,
  heartbeat: 3_600,
  reseedWiden: 3,
};

/** A feed's rounds, newest last: values that were taken. `guarded`: the last value offered tripped, and waits for more weight. */
export type FeedState = {
  values: readonly bigint[];
  updatedAt: UnixSeconds | null;
  guarded: "no" | "jump" | "outage";
};

export type Offer = { value: bigint; weightBps: number; secondary: bigint | null; at: UnixSeconds };
export type Taken =
  | { taken: true; state: FeedState }
  | { taken: false; why: "jump" | "secondary" | "weight" | "band"; state: FeedState };

export const emptyFeed: FeedState = { values: [], updatedAt: null, guarded: "no" };

/** What a reader sees. Silence of more than two heartbeats makes the value stale, whoever is to blame; it ends with the next. */
export const feedStatus = (
  state: FeedState,
  now: UnixSeconds,
  { heartbeat }: Pick<FeedLimits, "heartbeat">,
): "empty" | "live" | "stale" =>
  state.updatedAt === null ? "empty" : now - state.updatedAt > 2 * heartbeat ? "stale" : "live";

/** Weight that the next round needs, in bps. */
export function neededWeightBps(state: FeedState, now: UnixSeconds, limits: FeedLimits): number {
  const calm = state.guarded === "no" && feedStatus(state, now, limits) !== "stale";
  return calm ? CALM_WEIGHT_BPS : GUARDED_WEIGHT_BPS;
}

/**
 * Takes a round's value or refuses it. A jump is refused once: the round after it is taken at any value, with nine tenths of
 * the weight, so a real crash passes and one bad round does not. After an outage a value is taken once within a wider band,
 * with nine tenths; outside that band it is a jump like any other, and the round after it passes. Nothing waits for a person.
 */
export function offer(state: FeedState, round: Offer, limits: FeedLimits): Taken {
  if (round.weightBps < neededWeightBps(state, round.at, limits))
    return { taken: false, why: "weight", state };
  const taken: Taken = {
    taken: true,
    state: {
      values: [...state.values, round.value].slice(-limits.rounds),
      updatedAt: round.at,
      guarded: "no",
    },
  };
  if (state.guarded !== "no") return taken;
  const isStale = feedStatus(state, round.at, limits) === "stale";
  const times = limits.jump * (isStale ? limits.reseedWiden : 1);
  if (isJump(state.values, round.value, times, limits))
    return isStale
      ? { taken: false, why: "band", state: { ...state, guarded: "outage" } }
      : { taken: false, why: "jump", state: { ...state, guarded: "jump" } };
  if (round.secondary !== null && isFar(round.value, round.secondary, limits.secondaryBps))
    return { taken: false, why: "secondary", state: { ...state, guarded: "jump" } };
  return taken;
}

/** Further from the median of the trailing rounds than `times` their median absolute deviation from it (MAD). */
function isJump(values: readonly bigint[], next: bigint, times: number, limits: FeedLimits): boolean {
  if (values.length * 2 < limits.rounds) return false;
  const middle = lowerMiddle(values);
  const mad = lowerMiddle(values.map((value) => distance(value, middle)));
  const floor = (distance(middle, 0n) * BigInt(limits.floorBps)) / 10_000n;
  const unit = mad > floor ? mad : floor;
  // Tenths: k need not be whole.
  return distance(next, middle) * 10n > unit * BigInt(Math.round(times * 10));
}

const lowerMiddle = (values: readonly bigint[]): bigint =>
  values.toSorted(ascending)[(values.length - 1) >> 1] ?? 0n;
const isFar = (value: bigint, other: bigint, bps: number): boolean =>
  distance(value, other) * 10_000n > distance(other, 0n) * BigInt(bps);
const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);
