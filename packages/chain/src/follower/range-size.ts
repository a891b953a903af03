/** Logs of one range: well below the 10 MB that a client takes, at 700 bytes each. */
const TARGET_LOGS = 8_000;
const FIRST = 64;
const LARGEST = 5_000;
/** After so many good ranges a limit that was hit is tried again: it may have been the node's bad moment. */
const FORGIVE_AFTER = 100;

/** How many blocks to ask for at once: halves when a node refuses, grows while ranges stay light. */
export class RangeSize {
  #size = FIRST;
  #ceiling = LARGEST;
  #good = 0;

  get blocks(): number {
    return this.#size;
  }

  /** False when there is nothing left to halve, so that the error stands. */
  refused(blocks: number): boolean {
    if (blocks <= 1) return false;
    this.#size = Math.max(1, blocks >> 1);
    this.#ceiling = Math.max(this.#size, blocks - 1);
    this.#good = 0;
    return true;
  }

  read(blocks: number, logs: number): void {
    this.#good++;
    if (this.#good % FORGIVE_AFTER === 0) this.#ceiling = LARGEST;
    const perBlock = logs / blocks;
    const fitting = perBlock === 0 ? LARGEST : Math.floor(TARGET_LOGS / perBlock);
    this.#size = Math.max(1, Math.min(this.#ceiling, fitting, this.#size * 2));
  }
}
