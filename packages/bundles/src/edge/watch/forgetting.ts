import type { Hex } from "@sooth/kernel";
import { isEnded, isEndedUnknown } from "./is-ended.ts";
import type { Sightings } from "./sightings.ts";

/** Bundles looked at with each block of the hub, in turns: time alone ends some. */
const SWEPT = 200;
/** How often what belongs to no bundle is looked through. */
const ORPHANS_SECONDS = 3_600;

export type ForgettingOptions = {
  sightings: Sightings;
  /** The clock of the chain that is furthest behind; null while one has not answered. */
  now: () => number | null;
  /** Seconds from a deadline on until payers need no decision; null while it is not known. */
  escape: () => number | null;
  /** By that clock, for how long a bundle that ended is kept: longer than any branch may stand that is gone then. */
  keptSeconds: number;
};

/** Forgets bundles of which nobody will want anything: what is kept of them would be kept for ever. */
export class Forgetting {
  readonly #o: ForgettingOptions;
  /** Since when each was seen to have ended, in that order. */
  readonly #ended = new Map<Hex, number>();
  #swept: Iterator<Hex>;
  #orphansAt = 0;

  constructor(o: ForgettingOptions) {
    this.#o = o;
    this.#swept = o.sightings.ids[Symbol.iterator]();
  }

  /** More is known of these. */
  note(ids: Iterable<Hex>): void {
    const now = this.#o.now();
    if (now === null) return;
    for (const id of ids) if (!this.#ended.has(id) && this.#hasEnded(id, now)) this.#ended.set(id, now);
    for (const [id, since] of this.#ended) {
      if (since > now - this.#o.keptSeconds) break;
      this.#ended.delete(id);
      // More may have been seen of it since.
      if (this.#hasEnded(id, now)) this.#o.sightings.forget(id);
    }
  }

  /** Less is known of these: a branch is gone. */
  unnote(ids: Iterable<Hex>): void {
    for (const id of ids) this.#ended.delete(id);
  }

  /** Looks at some more, in turns. */
  sweep(): void {
    const { sightings } = this.#o;
    const ids: Hex[] = [];
    for (let left = SWEPT; left > 0; left--) {
      const { done, value } = this.#swept.next();
      if (done === true) {
        this.#swept = sightings.ids[Symbol.iterator]();
        break;
      }
      ids.push(value);
    }
    this.note(ids);
    const now = this.#o.now();
    if (now === null || now < this.#orphansAt + ORPHANS_SECONDS) return;
    this.#orphansAt = now;
    sightings.forgetOrphans((newest) => isEndedUnknown(newest, now, this.#o.escape()));
  }

  /**
   * Whether it had ended for as long already when it was first seen: of a watch that begins that is most of what it reads, and
   * it keeps all of it for a while.
   */
  hasLongEnded(id: Hex): boolean {
    const now = this.#o.now();
    if (now === null) return false;
    const then = now - this.#o.keptSeconds;
    return (this.#o.sightings.newestOf(id) ?? now) <= then && this.#hasEnded(id, then);
  }

  #hasEnded(id: Hex, now: number): boolean {
    const { sightings } = this.#o;
    const escape = this.#o.escape();
    const standing = sightings.standing(id);
    if (standing) return isEnded(standing, now, escape);
    const newest = sightings.newestOf(id);
    return newest === null || isEndedUnknown(newest, now, escape);
  }
}
