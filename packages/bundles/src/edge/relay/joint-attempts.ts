import type { Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { type Attempt, attempt, cannotTry, type Tried } from "./attempt.ts";

type TryOn = (
  chain: Chain,
  calls: readonly Tried[],
  now: number,
  rich: ReadonlyMap<Address, bigint>,
) => Promise<Attempt[]>;
type Asked = {
  calls: readonly Tried[];
  rich: ReadonlyMap<Address, bigint>;
  resolve: (found: Attempt[]) => void;
  reject: (error: unknown) => void;
};

const tryRich: TryOn = (chain, calls, now, rich) => attempt(chain, calls, now, { rich });

/** Who asks first waits so long for others. */
const LINGER_MS = 5;
/** What a block has room for: a node takes no call that states more than is left of it. */
const MOST_GAS_STATED = 28_000_000n;

/**
 * Has calls of several who ask at about the same time tried in one request: asked for each by itself, a node and we are busy with
 * requests most of the time. Calls of others stand before one's own there, so whoever sees one of his fail is tried anew by
 * himself: nobody is held up by a stranger. That one succeeds by what a stranger did is as likely as in a block.
 */
export class JointAttempts {
  readonly #chain: Chain;
  readonly #tryOn: TryOn;
  #waiting: Asked[] = [];
  #stated = 0n;
  #timer: NodeJS.Timeout | undefined;

  constructor(chain: Chain, tryOn: TryOn = tryRich) {
    this.#chain = chain;
    this.#tryOn = tryOn;
  }

  /**
   * As {@link attempt}, at the chain's next second.
   * @param rich accounts that are taken to hold this much for these calls alone
   */
  try(calls: readonly Tried[], rich: ReadonlyMap<Address, bigint>): Promise<Attempt[]> {
    const stated = calls.reduce((sum, { gas }) => sum + gas, 0n);
    if (this.#stated + stated > MOST_GAS_STATED) this.#flush();
    this.#stated += stated;
    this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
    return new Promise((resolve, reject) => this.#waiting.push({ calls, rich, resolve, reject }));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    const together = this.#waiting;
    [this.#waiting, this.#stated, this.#timer] = [[], 0n, undefined];
    void this.#together(together);
  }

  async #together(all: readonly Asked[]): Promise<void> {
    try {
      const now = (await this.#chain.now()) + 1;
      const found = all.length > 1 ? await this.#joined(all, now) : [null];
      await Promise.all(all.map((one, place) => this.#answer(one, found[place] ?? null, now)));
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  /** Null for each of whose calls one failed. */
  async #joined(all: readonly Asked[], now: number): Promise<(Attempt[] | null)[]> {
    const calls = all.flatMap((one) => one.calls);
    let found: Attempt[];
    try {
      found = await this.#tryOn(this.#chain, calls, now, sumOf(all));
    } catch (error) {
      if (cannotTry(error)) throw error;
      // Too much for this node together, perhaps.
      return all.map(() => null);
    }
    let next = 0;
    return all.map((one) => {
      const own = found.slice(next, (next += one.calls.length));
      return own.every(({ ok }) => ok) ? own : null;
    });
  }

  async #answer(
    { calls, rich, resolve, reject }: Asked,
    found: Attempt[] | null,
    now: number,
  ): Promise<void> {
    try {
      resolve(found ?? (await this.#tryOn(this.#chain, calls, now, rich)));
    } catch (error) {
      reject(error);
    }
  }
}

function sumOf(all: readonly Asked[]): Map<Address, bigint> {
  const sum = new Map<Address, bigint>();
  for (const [address, balance] of all.flatMap(({ rich }) => [...rich]))
    sum.set(address, (sum.get(address) ?? 0n) + balance);
  return sum;
}
