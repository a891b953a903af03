import type { Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { Executor } from "@sooth/store";
import type { Brought, Fact, SignedBatch } from "../../core/index.ts";
import { lost } from "./metrics.ts";
import { keepSigned } from "./signed-batches.ts";

/** Signatures of a moment are written together. */
const FLUSH_MS = 250;
/** Signatures that wait while the database is away. */
const MOST_WAITING = 20_000;

/**
 * Writes down what attesters hand in to be gathered, whether or not it comes to a quorum. Nobody waits for it: what a crash takes of
 * the last moment was either never used, or stands in a transaction.
 */
export class SignedKeeper {
  readonly #db: Executor;
  readonly #log: Logger;
  #waiting: Brought[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(db: Executor, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  /** @param signature r | vs */
  note(facts: readonly Fact[], batch: SignedBatch, { signer, signature }: { signer: Hex; signature: Hex }) {
    this.#waiting.push({ part: { ...batch, facts, path: [], flags: [] }, signers: [{ signer, signature }] });
    this.#plan();
  }

  /** Writes what waits. What can not be written now waits on. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  #plan(): void {
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  async #write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const found = this.#waiting;
    this.#waiting = [];
    if (found.length === 0) return;
    try {
      await keepSigned(this.#db, found);
    } catch (error) {
      this.#log.warn({ err: error }, "what attesters signed is not written down yet");
      const all = [...found, ...this.#waiting];
      this.#waiting = all.slice(-MOST_WAITING);
      lost.inc(all.length - this.#waiting.length);
      this.#plan();
    }
  }
}
