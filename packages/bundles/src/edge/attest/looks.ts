import { Proposals } from "./proposals.ts";
import { Look, type Sighting } from "./sight.ts";

/** What chains call safe or final is asked for every few seconds, and nobody tells when it changed. */
const OLD_MS = 500;

const known = new WeakMap<Sighting, Looks>();

/** One look for all batches of a moment: whoever asks for many costs no more than who asks for one. */
export class Looks {
  readonly proposals = new Proposals();
  readonly #sighting: Sighting;
  readonly #waiters = new Set<() => void>();
  #look: { look: Look; until: number } | null = null;

  /** Keys that look through the same views see the same: they share their looks, and what collectors show them. */
  static of(sighting: Sighting): Looks {
    const looks = known.get(sighting) ?? new Looks(sighting);
    known.set(sighting, looks);
    return looks;
  }

  private constructor(sighting: Sighting) {
    this.#sighting = sighting;
    const changed = () => this.#changed();
    for (const { watch } of sighting.views) {
      watch.onChange(changed);
      watch.onHead(changed);
    }
  }

  get now(): Look {
    const at = performance.now();
    if (this.#look === null || this.#look.until < at)
      this.#look = { look: new Look(this.#sighting), until: at + OLD_MS };
    return this.#look.look;
  }

  /** Whether all that nodes showed at this moment (of `performance.now()`) has been read, by both views. */
  isReadSince(moment: number): boolean {
    return this.#sighting.views.every(({ watch }) => watch.readAt() > moment);
  }

  /** Resolves when more may be seen than before, or after so long. */
  async changed(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      const waiters = this.#waiters;
      function done() {
        clearTimeout(timer);
        waiters.delete(done);
        resolve();
      }
      waiters.add(done);
    });
  }

  #changed(): void {
    this.#look = null;
    for (const wake of this.#waiters) wake();
  }
}
