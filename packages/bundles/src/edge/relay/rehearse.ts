import { settlerAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { slice, size } from "viem";
import {
  type BundleShown,
  filled,
  type Leg,
  legAt,
  MOST_RESULT,
  type Place,
  wavesOf,
} from "../../core/index.ts";
import { cannotTry, MOST_GAS, type Tried } from "./attempt.ts";
import { JointAttempts } from "./joint-attempts.ts";

/** Intrinsic gas and calldata, beside what a leg states. */
const AROUND = 400_000n;

export type Rehearsal = { fails: Place | null; why: string };

/**
 * Tries every leg of a bundle that its owner wants done, on all its chains, before the first is sent: in waves, each with what
 * the waves before returned put in, from the address that the leg will be called from. So a bundle that would have to be undone
 * is not begun.
 */
export class Rehearser {
  readonly #chains: ReadonlyMap<number, Chain>;
  readonly #settler: Address;
  readonly #joint: ReadonlyMap<number, JointAttempts>;
  readonly #shared = new Map<number, Promise<Address>>();
  readonly #accounts = new Map<Address, Promise<Address>>();
  /** Chains whose nodes cannot try calls. */
  readonly #blind = new Set<number>();

  constructor(chains: ReadonlyMap<number, Chain>, addresses: Pick<Addresses, "settler">) {
    this.#chains = chains;
    this.#settler = addresses.settler;
    this.#joint = new Map([...chains].map(([id, chain]) => [id, new JointAttempts(chain)]));
  }

  async rehearse(view: BundleShown): Promise<Rehearsal> {
    const returned = new Map<Place, Hex>();
    const waves = wavesOf(view.legs).map((wave) =>
      wave.filter((place) => legAt(view, place).undoes === null),
    );
    const done: Place[] = [];
    for (const wave of waves) {
      if (wave.length === 0) continue;
      const chains = Map.groupBy(wave, (place) => legAt(view, place).chainId);
      const found = await Promise.all(
        [...chains].map(([chainId, places]) => this.#wave(view, chainId, done, places, returned)),
      );
      const bad = found.find(({ fails }) => fails !== null);
      if (bad) return bad;
      done.push(...wave);
    }
    return FINE;
  }

  /** What stands on the same chain and ran in a wave before is called again first: these may need what it does. */
  async #wave(
    view: BundleShown,
    chainId: number,
    done: readonly Place[],
    places: readonly Place[],
    returned: Map<Place, Hex>,
  ): Promise<Rehearsal> {
    const chain = need(this.#chains.get(chainId), `chain ${chainId}`);
    if (this.#blind.has(chainId)) return FINE;
    const all = [...done.filter((place) => legAt(view, place).chainId === chainId), ...places];
    const calls: Tried[] = [];
    let value = 0n;
    for (const place of all) {
      const leg = legAt(view, place);
      const data = filled(leg, (from) => returned.get(from) ?? null);
      if (data === null) return { fails: place, why: "what it takes from others does not fit" };
      calls.push({ ...(await this.#callOf(chain, view, leg)), data });
      if (leg.kind !== "account") value += leg.value;
    }
    const shared = await this.#sharedOn(chain);
    const joint = need(this.#joint.get(chainId), `chain ${chainId}`);
    try {
      const found = await joint.try(calls, new Map([[shared, value]]));
      for (const [index, { ok, returned: bytes, why }] of found.entries()) {
        const place = need(all[index], "its place");
        if (!ok) return { fails: place, why: why || "it reverts" };
        returned.set(place, size(bytes) > MOST_RESULT ? slice(bytes, 0, MOST_RESULT) : bytes);
      }
      return FINE;
    } catch (error) {
      if (!cannotTry(error)) throw error;
      this.#blind.add(chainId);
      return FINE;
    }
  }

  async #callOf(chain: Chain, view: BundleShown, leg: Leg): Promise<Omit<Tried, "data">> {
    const from =
      leg.kind === "account" ? await this.#accountOf(chain, view.bundle.owner) : await this.#sharedOn(chain);
    const gas = BigInt(leg.gasLimit) + AROUND;
    return { from, to: leg.target, value: leg.value, gas: gas < MOST_GAS ? gas : MOST_GAS };
  }

  #sharedOn({ client, definition }: Chain): Promise<Address> {
    return once(this.#shared, definition.id, () =>
      client.readContract({ address: this.#settler, abi: settlerAbi, functionName: "shared" }),
    );
  }

  /** The same on every chain. */
  #accountOf({ client }: Chain, owner: Address): Promise<Address> {
    return once(this.#accounts, owner, () =>
      client.readContract({
        address: this.#settler,
        abi: settlerAbi,
        functionName: "accountOf",
        args: [owner],
      }),
    );
  }
}

const FINE: Rehearsal = { fails: null, why: "" };
const MOST_KEPT = 100_000;

/** Asked once; a question that failed is asked again. */
function once<K>(known: Map<K, Promise<Address>>, key: K, ask: () => Promise<Address>): Promise<Address> {
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MOST_KEPT) known.clear();
  const asked = ask().catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
  known.set(key, asked);
  return asked;
}
