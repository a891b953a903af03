import type { Answer } from "./generated/types.ts";
import { StatementError } from "./verify.ts";

/** What this reader has believed so far, one answer a question. Keep one for as long as you read. */
export class SeenAnswers {
  readonly #latest = new Map<string, Answer>();

  /**
   * Remembers `answer`. One of an earlier round, or of an earlier block that says something else, was true once and is
   * played again. Another server may be a block behind: what says the same does no harm. @throws StatementError
   */
  accept(answer: Answer): void {
    const key = answer.question.toLowerCase();
    const before = this.#latest.get(key);
    if (before) {
      const isOlder = answer.block.number < before.block.number;
      if (answer.round < before.round || (isOlder && !saysTheSame(answer, before)))
        throw new StatementError(
          "replayed",
          `it is of round ${answer.round}, block ${answer.block.number}; round ${before.round}, block ${before.block.number} was seen`,
        );
      if (isOlder) return;
    }
    this.#latest.set(key, answer);
  }
}

const saysTheSame = (a: Answer, b: Answer): boolean =>
  a.status === b.status &&
  a.value === b.value &&
  a.round === b.round &&
  a.finalizeAt === b.finalizeAt &&
  a.confidence === b.confidence;
