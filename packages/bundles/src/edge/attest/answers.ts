import type { Hex } from "@sooth/kernel";
import { askHttp, type Logger } from "@sooth/runtime";
import { MOST_ANSWERS, type WireBatchAnswer, wireAnswersTaken } from "../../core/index.ts";
import { askedJson } from "../asked-json.ts";

const TIMEOUT_MS = 10_000;
/** Which answers were not taken, and why. */
const MOST_BYTES = 65_536;
/** Of what a collector says instead. */
const MOST_WORDS = 200;
/** Of answers in one request: below what an API reads of one. */
const MOST_CHARACTERS = 200_000;
/** Requests under way at once; what is ready meanwhile goes together with the next. */
const AT_ONCE = 4;

type Waiting = { text: string; resolve: () => void; reject: (error: unknown) => void };

/**
 * Hands in what was signed, to one collector. What is ready in the same moment goes together, for signatures come in swarms: many
 * batches wait for one block, and for one writing of the journal. Nothing waits for more to come.
 */
export class Answers {
  readonly #url: URL;
  readonly #signal: AbortSignal;
  readonly #log: Logger;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #isDue = false;

  constructor({ url, signal, log }: { url: string; signal: AbortSignal; log: Logger }) {
    this.#url = new URL("/v1/bundles/batches/signatures", url);
    this.#signal = signal;
    this.#log = log;
  }

  /** Returns once the collector has it, or said why it does not take it. @throws when it is away */
  hand(root: Hex, answer: WireBatchAnswer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text: JSON.stringify({ root, ...answer }), resolve, reject });
      this.#soon();
    });
  }

  #soon(): void {
    if (this.#isDue || this.#underWay >= AT_ONCE) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      while (this.#waiting.length > 0 && this.#underWay < AT_ONCE) void this.#send(this.#next());
    });
  }

  #next(): Waiting[] {
    let [count, characters] = [0, 0];
    for (const { text } of this.#waiting) {
      characters += text.length;
      if (count === MOST_ANSWERS || (count > 0 && characters > MOST_CHARACTERS)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #send(some: readonly Waiting[]): Promise<void> {
    this.#underWay++;
    try {
      await this.#post(some);
      for (const { resolve } of some) resolve();
    } catch (error) {
      for (const { reject } of some) reject(error);
    } finally {
      this.#underWay--;
      if (this.#waiting.length > 0) this.#soon();
    }
  }

  async #post(some: readonly Waiting[]): Promise<void> {
    const { isOk, body } = await askedJson((asked) => askHttp(this.#url, asked), {
      body: `{"answers":[${some.map(({ text }) => text).join(",")}]}`,
      most: MOST_BYTES,
      within: TIMEOUT_MS,
      signal: this.#signal,
    });
    const collector = this.#url.origin;
    const taken = wireAnswersTaken.safeParse(body);
    if (!isOk || !taken.success) {
      const answer = JSON.stringify(body).slice(0, MOST_WORDS);
      return this.#log.info({ collector, answer }, "signatures were not taken");
    }
    for (const refused of taken.data.refused)
      this.#log.info({ collector, ...refused }, "a signature was not taken");
  }
}
