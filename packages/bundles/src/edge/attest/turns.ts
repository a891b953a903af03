/** So many at once; whoever comes beyond that has his turn in the order of coming. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }

  /** Whoever has his turn lets others go on meanwhile, and takes it again. */
  async leave<T>(meanwhile: () => Promise<T>): Promise<T> {
    this.give();
    try {
      return await meanwhile();
    } finally {
      await this.take();
    }
  }
}
