/** A step that waits is looked at again after this, ever more rarely, and at last once a minute: for ever. */
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 60_000;
/** Sent so often without effect, a step is one that looks other before it is in a block than there. */
const MOST_IN_VAIN = 3;
const LONGEST_PATIENCE_MS = 6 * 3_600_000;

type Step = { count: number; vain: number; notBefore: number; busy: boolean };

/** When the steps of one bundle are tried again, in milliseconds of {@link performance}. */
export class Tries {
  readonly #steps = new Map<string, Step>();

  mayBegin(key: string, now: number): boolean {
    const step = this.#steps.get(key);
    return !step || (!step.busy && step.notBefore <= now);
  }

  begin(key: string): void {
    const step = this.#steps.get(key);
    this.#steps.set(key, { count: 0, vain: 0, ...step, notBefore: 0, busy: true });
  }

  /**
   * @param how what is not `sent` cost nothing; what was sent `in_vain` did nothing in its block
   * @returns milliseconds until it may be tried again
   */
  end(key: string, how: "waits" | "sent" | "in_vain", now: number): number {
    const step = this.#steps.get(key);
    if (!step) return 0;
    step.busy = false;
    step.count++;
    if (how === "in_vain") step.vain++;
    const wait = how === "sent" && step.count === 1 ? 0 : patience(step);
    step.notBefore = now + wait;
    return wait;
  }

  /** What failed may succeed now: no more is waited for, but with what was sent in vain too often. Its owner makes news at will. */
  hurry(): void {
    for (const step of this.#steps.values()) if (!step.busy && step.vain < MOST_IN_VAIN) step.notBefore = 0;
  }

  countOf(key: string): number {
    return this.#steps.get(key)?.count ?? 0;
  }

  /** Whether it goes in no transaction with others': it was sent in vain, and they may have been so because of it. */
  isAlone(key: string): boolean {
    return (this.#steps.get(key)?.vain ?? 0) > 0;
  }
}

export const backoff = (count: number): number =>
  Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(count, 12));

const patience = ({ count, vain }: Step): number =>
  vain < MOST_IN_VAIN
    ? backoff(count)
    : Math.min(LONGEST_PATIENCE_MS, SLOWEST_RETRY_MS * 2 ** Math.min(vain - MOST_IN_VAIN, 12));
