const FIRST_MS = 15_000;
const LONGEST_MS = 600_000;
/** What waits longest is forgotten beyond this: then it may try once more. */
const MOST_KEPT = 10_000;

/** Who has to wait until when, in milliseconds of {@link performance}: twice as long each time. */
export class Waits<K> {
  readonly #of = new Map<K, { until: number; last: number }>();

  wait(key: K, now: number): void {
    const last = this.#of.get(key)?.last;
    const next = last === undefined ? FIRST_MS : Math.min(LONGEST_MS, 2 * last);
    // Put at the end: the first is the one that was told longest ago.
    this.#of.delete(key);
    this.#of.set(key, { until: now + next, last: next });
    const oldest = this.#of.keys().next();
    if (this.#of.size > MOST_KEPT && !oldest.done) this.#of.delete(oldest.value);
  }

  waiting(now: number): K[] {
    return [...this.#of].flatMap(([key, { until }]) => (until > now ? [key] : []));
  }
}
