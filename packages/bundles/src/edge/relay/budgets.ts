import { type Chain, type DirectLane, feeOfBytes, type Market } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import {
  callsOthers,
  handedOn,
  legAt,
  mayCost,
  relayerShare,
  statedBytes,
  statedGas,
} from "../../core/index.ts";
import type { Job } from "./desks.ts";
import { relaySpent } from "./metrics.ts";

export type BudgetOptions = {
  hub: Chain;
  rollups: readonly Chain[];
  lanes: ReadonlyMap<number, readonly Pick<DirectLane, "market">[]>;
  relayer: Address;
  attesterBps: number;
  /** Wei of the hub that a bundle may be given beyond what it pays. */
  gift: bigint;
};

/** `around`: on steps that call nobody's code, of which a bundle may need one a leg. */
type Budget = { spent: bigint; around: bigint; held: Map<string, { wei: bigint; around: boolean }> };

/**
 * What was spent on each bundle, as receipts say, and what stands ready to be while its steps are under way: wei of the hub.
 * No step is taken that could cost more than the bundle repays. It is not kept over a restart; what chains say of who is paid is.
 */
export class Budgets {
  readonly #o: BudgetOptions;
  readonly #chains: ReadonlyMap<number, Chain>;
  readonly #of = new Map<Hex, Budget>();

  constructor(o: BudgetOptions) {
    this.#o = o;
    this.#chains = new Map([o.hub, ...o.rollups].map((chain) => [chain.definition.id, chain]));
  }

  /** Holds what a step may cost at most, when its bundle repays that. {@link settle} gives back what it did not cost. */
  take(job: Job, chainId: number): boolean {
    const cost = this.#costOf(job, statedGas(job.view, job.action), chainId);
    if (cost === null || !this.#repays(job) || cost > this.#left(job)) return false;
    this.#budget(job.view.id).held.set(job.key, { wei: cost, around: !callsOthers(job.action) });
    return true;
  }

  /** Whether a step whose cost is held may take so much gas, now that it was tried. */
  affords(job: Job, gas: bigint, chainId: number): boolean {
    const cost = this.#costOf(job, gas, chainId);
    const held = this.#of.get(job.view.id)?.held.get(job.key)?.wei ?? 0n;
    return cost !== null && cost <= this.#left(job) + held;
  }

  /** @param wei of the chain that the step was taken on; null when it was sent and no receipt says what it cost */
  settle(job: Job, wei: bigint | null): void {
    const budget = this.#budget(job.view.id);
    const cost = wei ?? budget.held.get(job.key)?.wei ?? 0n;
    budget.held.delete(job.key);
    budget.spent += cost;
    if (!callsOthers(job.action)) budget.around += cost;
    relaySpent.inc({ what: job.action.do }, Number(cost) / 1e18);
  }

  /** What opening it cost. */
  charge(id: Hex, wei: bigint): void {
    this.#budget(id).spent += wei;
    relaySpent.inc({ what: "open" }, Number(wei) / 1e18);
  }

  forget(id: Hex): void {
    this.#of.delete(id);
  }

  /** What gas and bytes cost there; null where the chain's coin cannot be compared, or nothing is known yet. */
  #marketOn(chainId: number): Market | null {
    const market = this.#o.lanes.get(chainId)?.find((lane) => lane.market)?.market;
    return market && this.#isNoDearer(chainId) ? market : null;
  }

  #budget(id: Hex): Budget {
    const known = this.#of.get(id) ?? { spent: 0n, around: 0n, held: new Map() };
    this.#of.set(id, known);
    return known;
  }

  #left({ view, action }: Job): bigint {
    const { relayer, attesterBps, gift } = this.#o;
    const { spent, around, held } = this.#budget(view.id);
    const isAround = !callsOthers(action);
    const all = [...held.values()].reduce(
      (sum, one) => (isAround && !one.around ? sum : sum + one.wei),
      isAround ? around : spent,
    );
    return mayCost(view, action, { relayer, attesterBps, gift, spent: all });
  }

  #costOf({ view, action }: Job, gas: bigint, chainId: number): bigint | null {
    const market = this.#marketOn(chainId);
    if (market === null) return null;
    const bytes = feeOfBytes(market.bytes, statedBytes(view, action));
    return gas * market.price + bytes + handedOn(view, action);
  }

  /** Coins go to a leg's target from our key: never more than the leg's share brings back, and only where both are one coin. */
  #repays({ view, action }: Job): boolean {
    const wei = handedOn(view, action);
    if (wei === 0n || !("leg" in action)) return true;
    return (
      this.#coinOf(legAt(view, action.leg).chainId) === this.#o.hub.definition.nativeSymbol &&
      relayerShare({ fee: view.hub.fee, legs: view.bundle.legs }, this.#o.attesterBps) >= wei
    );
  }

  /** No coin of any chain here is worth more than ether: where fees are paid in that, gas counts as so many wei of it at most. */
  #isNoDearer(chainId: number): boolean {
    const { nativeSymbol } = this.#o.hub.definition;
    return nativeSymbol === "ETH" || this.#coinOf(chainId) === nativeSymbol;
  }

  #coinOf(chainId: number): string | undefined {
    return this.#chains.get(chainId)?.definition.nativeSymbol;
  }
}
