import type { Hex } from "@sooth/kernel";
import { wireHex32 } from "@sooth/oracle/core";
import { askHttp, type Logger } from "@sooth/runtime";
import { z } from "zod";
import { bundleFromWire, MOST_LEGS, wireBundle } from "../../core/index.ts";
import type { Learned } from "../watch/sightings.ts";
import { askedJson } from "../asked-json.ts";

const wireHashes = z.object({ bundle: wireBundle, hashes: z.array(wireHex32).max(MOST_LEGS) });

/** Whoever waits for these facts waits 2 s. */
const TIMEOUT_MS = 1_000;
/** A header and 32 hashes are below 4 KB. */
const MOST_BYTES = 65_536;
/** Asked for together; whatever is asked beyond that waits for the next look. */
const MOST_AT_ONCE = 64;
/** What a collector did not know it is not asked again for so long. */
const REFUSED_MS = 10_000;
const MOST_REFUSED = 10_000;

/** Asks one collector for headers and leg hashes of bundles whose legs are private. What it says is held against the id. */
export class HashLearner {
  readonly #url: string;
  readonly #signal: AbortSignal;
  readonly #log: Logger;
  readonly #timeoutMs: number;
  readonly #learn: (id: Hex, learned: Learned) => void;
  readonly #underWay = new Map<Hex, Promise<void>>();
  /** Until when, the oldest first. */
  readonly #refused = new Map<Hex, number>();

  constructor(o: {
    url: string;
    signal: AbortSignal;
    log: Logger;
    /** How long an answer is waited for; a second when not given. */
    timeoutMs?: number;
    /** @throws when it is not what the id says */
    learn: (id: Hex, learned: Learned) => void;
  }) {
    this.#url = o.url;
    this.#signal = o.signal;
    this.#log = o.log;
    this.#timeoutMs = o.timeoutMs ?? TIMEOUT_MS;
    this.#learn = o.learn;
  }

  /** @returns whether all of them were asked for, now or lately */
  async ask(ids: Iterable<Hex>): Promise<boolean> {
    const now = performance.now();
    for (const [id, until] of this.#refused) {
      if (until > now && this.#refused.size <= MOST_REFUSED) break;
      this.#refused.delete(id);
    }
    let left = 0;
    const asked: Promise<void>[] = [];
    for (const id of ids) {
      if (this.#refused.has(id)) continue;
      const known = this.#underWay.get(id);
      if (known) asked.push(known);
      else if (this.#underWay.size < MOST_AT_ONCE) asked.push(this.#askOne(id));
      else left++;
    }
    await Promise.all(asked);
    return left === 0;
  }

  #askOne(id: Hex): Promise<void> {
    const ask = async () => {
      const isLearned = await this.#fetch(id);
      if (!isLearned) this.#refused.set(id, performance.now() + REFUSED_MS);
      this.#underWay.delete(id);
    };
    const asked = ask();
    this.#underWay.set(id, asked);
    return asked;
  }

  async #fetch(id: Hex): Promise<boolean> {
    try {
      const { isOk, body } = await askedJson(
        (asked) => askHttp(new URL(`/v1/bundles/${id}/hashes`, this.#url), asked),
        {
          most: MOST_BYTES,
          within: this.#timeoutMs,
          signal: this.#signal,
        },
      );
      if (!isOk) return false;
      const { bundle, hashes } = wireHashes.parse(body);
      this.#learn(id, { bundle: bundleFromWire(bundle), hashes: hashes as Hex[] });
      return true;
    } catch (error) {
      if (!this.#signal.aborted)
        this.#log.info({ err: error, id, collector: this.#url }, "hashes of a bundle could not be learned");
      return false;
    }
  }
}
