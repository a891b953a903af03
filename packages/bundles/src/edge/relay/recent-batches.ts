import { type AttestedBatch, type Fact, factText } from "../../core/index.ts";

/** More than are under way at once, of which each is wanted a second time. */
const MOST_KEPT = 64;
/** As much as is left of what an API hands out again: a transaction waits for its block, and clocks of chains differ. */
const LEAST_LEFT_SECONDS = 60;

/**
 * What attesters signed a moment ago. What commits bundles and what pays for them rest on the same receipts, of the same fifty
 * bundles as a rule: nobody need be asked twice.
 */
export class RecentBatches {
  readonly #byFirst = new Map<string, AttestedBatch>();

  keep(batch: AttestedBatch): void {
    const first = firstOf(batch.facts);
    // Put at the end: the first is the oldest.
    this.#byFirst.delete(first);
    this.#byFirst.set(first, batch);
    for (const oldest of this.#byFirst.keys()) {
      if (this.#byFirst.size <= MOST_KEPT) break;
      this.#byFirst.delete(oldest);
    }
  }

  /**
   * One of exactly these facts, in this order: of others the evidence would want a proof.
   * @param now unix seconds of the chain where it is to be believed
   */
  find(facts: readonly Fact[], now: number): AttestedBatch | null {
    const found = this.#byFirst.get(firstOf(facts));
    if (!found || found.validUntil < now + LEAST_LEFT_SECONDS) return null;
    const isSame =
      found.facts.length === facts.length && facts.every((fact, place) => isOne(fact, found.facts[place]));
    return isSame ? found : null;
  }

  /** The chain did not believe it, perhaps. */
  forget(batch: AttestedBatch): void {
    const first = firstOf(batch.facts);
    if (this.#byFirst.get(first) === batch) this.#byFirst.delete(first);
  }
}

const firstOf = ([fact]: readonly Fact[]): string => (fact ? factText(fact).subject : "");

function isOne(fact: Fact, other: Fact | undefined): boolean {
  if (!other) return false;
  const [one, two] = [factText(fact), factText(other)];
  return one.subject === two.subject && one.content === two.content;
}
