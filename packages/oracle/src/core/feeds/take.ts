import { BPS, type Hex } from "@sooth/kernel";
import { hasQuorum } from "../aggregate.ts";
import { packEntries, type SeatReport } from "../report.ts";
import type { SignerSet } from "../weights.ts";
import { feedDue, hasMoved, type LastTold } from "./due.ts";

/** A checked report at hand. `observedAt`: unix seconds. */
export type HeldFeedReport = SeatReport & { observedAt: number; epoch: number };

export type FeedSituation = {
  /** Seconds. */
  heartbeat: number;
  last: LastTold | null;
  /** The current epoch's. */
  signers: SignerSet;
  reports: readonly HeldFeedReport[];
  /** Time of the latest block, unix seconds. */
  now: number;
};
/** `neededMore`: an ordinary quorum would not have done. */
export type FeedUpdate = { observedAt: number; entries: Hex; neededMore: boolean };

/** Numbers of Feeds.sol. */
const STRONG_BPS = 9_000n;
const STALE_HEARTBEATS = 2;
const ANEW_HEARTBEATS = 16;

/**
 * The update that the contract would take now, of the newest moment that has one; null: wait. After a refused jump or a
 * silence an ordinary quorum is not enough, so more is waited for.
 */
export function feedUpdate({ heartbeat, last, signers, reports, now }: FeedSituation): FeedUpdate | null {
  const counted = reports.filter(
    ({ observedAt, epoch, seat }) =>
      epoch === signers.epoch &&
      signers.seats[seat] !== undefined &&
      observedAt > (last?.observedAt ?? 0) &&
      observedAt <= now &&
      // The transaction lands in a later block, at most a heartbeat after the moment.
      now < observedAt + heartbeat,
  );
  const byMoment = Map.groupBy(counted, ({ observedAt }) => observedAt);
  for (const [observedAt, told] of [...byMoment].toSorted(([a], [b]) => b - a)) {
    const weight = told.reduce((sum, { seat }) => sum + (signers.seats[seat]?.weight ?? 0n), 0n);
    if (!hasQuorum(weight, signers.totalWeight)) continue;
    const isStrong = weight * BPS >= signers.totalWeight * STRONG_BPS;
    const neededMore = needsMore(last, observedAt, heartbeat);
    if (isStrong || !neededMore) return { observedAt, entries: packEntries(told), neededMore };
  }
  return null;
}

/** A report of the one key that tells a feed. */
export type OwnReport = { value: bigint; observedAt: number; signature: Hex };

export type OwnSituation = {
  /** Seconds. */
  heartbeat: number;
  deviationBps: number;
  last: LastTold | null;
  reports: readonly OwnReport[];
  /** Time of the latest block, unix seconds. */
  now: number;
};

/**
 * The newest that is due and that the contract would take now; null: wait. One who owns the source is believed, so there is
 * no breaker; but whoever sends updates pays for those of the terms, and not for each that one key signs.
 */
export function firstPartyUpdate({ last, reports, now, ...pace }: OwnSituation): OwnReport | null {
  const counted = reports.filter(({ observedAt, value }) => {
    if (observedAt > now || now >= observedAt + pace.heartbeat) return false;
    const due = feedDue(last, observedAt, pace);
    return due === "always" || (due === "ifMoved" && hasMoved(value, last?.value ?? 0n, pace.deviationBps));
  });
  return counted.toSorted((a, b) => b.observedAt - a.observedAt)[0] ?? null;
}

function needsMore(last: LastTold | null, observedAt: number, heartbeat: number): boolean {
  if (last === null) return false;
  const silence = observedAt - last.observedAt;
  if (silence > ANEW_HEARTBEATS * heartbeat) return false;
  return last.isHalted || silence > STALE_HEARTBEATS * heartbeat;
}
