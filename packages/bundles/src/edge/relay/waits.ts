const FIRST_MS = 15_000;
const LONGEST_MS = 6 * 3_600_000;
/** Who was told to wait longest ago is forgotten beyond this: then he may try once more. */
const MOST_KEPT = 10_000;

/**
 * Who has to wait until when, in milliseconds of {@link performance}: twice as long each time, and from the beginning again when
 * he gave no cause for as long as anybody waits.
 */
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
    const found: K[] = [];
    for (const [key, { until }] of this.#of)
      if (until > now) found.push(key);
      else if (until + LONGEST_MS <= now) this.#of.delete(key);
    return found;
  }
}
