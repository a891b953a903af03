import { type Fact, factText } from "../../core/index.ts";

/** For longer nobody takes a fact for too young because it was so once. */
const YOUNG_MS = 10_000;
const MOST_REMEMBERED = 20_000;

/** Facts that so many attesters lately called too young that no quorum can have said them. */
export class YoungFacts {
  /** Until when, the oldest first. */
  readonly #until = new Map<string, number>();

  note(facts: Iterable<Fact>, now: number): void {
    for (const fact of facts) {
      const text = textOf(fact);
      this.#until.delete(text);
      this.#until.set(text, now + YOUNG_MS);
    }
    for (const [text, until] of this.#until) {
      if (until > now && this.#until.size <= MOST_REMEMBERED) break;
      this.#until.delete(text);
    }
  }

  /** Indexes of those. */
  among(facts: readonly Fact[], now: number): number[] {
    if (this.#until.size === 0) return [];
    return [...facts.entries()].flatMap(([index, fact]) =>
      (this.#until.get(textOf(fact)) ?? 0) > now ? index : [],
    );
  }
}

const textOf = (fact: Fact): string => {
  const { subject, content } = factText(fact);
  return `${subject} = ${content}`;
};
