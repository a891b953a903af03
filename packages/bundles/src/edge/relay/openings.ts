import { bundleHubAbi } from "@sooth/abi";
import type { Addresses, Chain, DirectLane } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { encodeFunctionData, type Log, parseEventLogs } from "viem";
import { bundleId, encodeLegs, hubGas, openManyArgs, relayerShare } from "../../core/index.ts";
import { receiptOf } from "./aftermath.ts";
import { attempt, MOST_GAS, type TriedLog } from "./attempt.ts";
import { relayFailures } from "./metrics.ts";
import type { HandedOver, Signed } from "./ports.ts";
import { Waits } from "./waits.ts";

const MOST_OPENINGS = 20;
/** As in a batch of other steps: nodes keep nothing above 128 KiB. */
const MOST_BYTES = 100_000;
/**
 * What the hub gives an owner's contract to answer whether it signed: it may take all of that in the block, where it took little
 * when it was tried. Source: Openings.SIGNATURE_GAS.
 */
const SIGNATURE_GAS = 150_000n;
/** Words of a header and its signature. */
const AROUND = 700;

export type OpenerOptions = {
  hub: Chain;
  addresses: Pick<Addresses, "bundleHub">;
  handedOver: Pick<HandedOver, "openings">;
  leastFee: bigint;
  attesterBps: number;
  gift: bigint;
  /** Told what opening a bundle cost, in wei of the hub. */
  charge(id: Hex, wei: bigint): void;
  log: Logger;
};

type Item = Signed & { id: Hex; owner: Address; bytes: number; gas: bigint };

/**
 * Opens what owners signed, at their credit. What pays too little for its opening is left to others; what the hub would refuse
 * waits, ever longer, and so does an owner whose credit was gone when the block came: nobody stands in another's way.
 */
export class Opener {
  readonly #o: OpenerOptions;
  readonly #ids = new Waits<Hex>();
  readonly #owners = new Waits<Address>();

  constructor(o: OpenerOptions) {
    this.#o = o;
  }

  /** Looks once, and sends what can be opened now. */
  async turn(lane: DirectLane): Promise<void> {
    const now = performance.now();
    const found = await this.#o.handedOver.openings({
      limit: MOST_OPENINGS,
      leastFee: this.#o.leastFee,
      aside: { ids: this.#ids.waiting(now), owners: this.#owners.waiting(now) },
    });
    const items = found.map((signed) => this.#itemOf(signed));
    const price = lane.market?.price ?? 0n;
    const paid = items.filter((item) => item.gas * price <= this.#paysFor(item));
    for (const item of items) if (!paid.includes(item)) this.#ids.wait(item.id, now);
    const batch = within(paid);
    if (batch.length > 0) await this.#open(lane, batch);
  }

  #itemOf(signed: Signed): Item {
    const { bundle, legs } = signed;
    const logged = legs === null ? 0 : (encodeLegs(legs).length - 2) / 2;
    return {
      ...signed,
      id: bundleId({ chainId: this.#o.hub.definition.id, hub: this.#o.addresses.bundleHub }, bundle),
      owner: bundle.owner.toLowerCase() as Address,
      bytes: AROUND + logged,
      gas: hubGas(bundle.mode, bundle.legs, logged).opening,
    };
  }

  #paysFor = ({ bundle }: Item): bigint =>
    relayerShare(bundle, this.#o.attesterBps) * BigInt(bundle.legs) + this.#o.gift;

  /** What spoils it for the others, or costs more than they pay, is found by halving, and waits. */
  async #open(lane: DirectLane, items: readonly Item[]): Promise<void> {
    const { hub, log } = this.#o;
    try {
      const found = await this.#try(lane, items);
      const pay = items.reduce((sum, item) => sum + this.#paysFor(item), 0n);
      if (!found.ok || found.gasUsed * (lane.market?.price ?? 0n) > pay) {
        const middle = Math.ceil(items.length / 2);
        if (items.length === 1) return this.#setAside(items);
        await this.#open(lane, items.slice(0, middle));
        return await this.#open(lane, items.slice(middle));
      }
      const opened = openedIn(found.logs);
      const good = items.filter(({ id }) => opened.has(id));
      this.#setAside(items);
      if (good.length === 0) return;
      const wanted = limitFor(found.gasUsed, good.length);
      const gas = wanted < MOST_GAS ? wanted : MOST_GAS;
      const { used } = await lane.send({ ...this.#callOf(good), gas, purpose: "bundle_open" });
      void used
        .then(async (hash) => this.#account(good, hash && (await receiptOf(hub, hash))))
        .catch((error: unknown) => log.warn({ err: error }, "what openings cost is not known"));
    } catch (error) {
      this.#setAside(items);
      relayFailures.inc({ part: "open" });
      log.warn({ err: error, bundles: items.length }, "bundles cannot be opened now");
    }
  }

  #setAside(items: readonly Item[]): void {
    const now = performance.now();
    for (const { id } of items) this.#ids.wait(id, now);
  }

  async #try(lane: DirectLane, items: readonly Item[]) {
    const { hub } = this.#o;
    const { account: from, market, balance } = lane;
    const needed = MOST_GAS * (market?.maxFee ?? 0n);
    const [found] = await attempt(
      hub,
      [{ ...this.#callOf(items), from, gas: MOST_GAS }],
      (await hub.now()) + 1,
      { ...(market && { market }), rich: new Map(balance < needed ? [[from, needed] as const] : []) },
    );
    if (!found) throw new Error("a node tried nothing");
    return found;
  }

  #callOf(items: readonly Signed[]) {
    return {
      to: this.#o.addresses.bundleHub,
      data: encodeFunctionData({ abi: bundleHubAbi, functionName: "openMany", args: [openManyArgs(items)] }),
      value: 0n,
    };
  }

  /**
   * Credit that was there when it was tried, and not in the block, cost its owner nothing: him too it makes wait. Of a
   * transaction that came to nothing as a whole nobody knows by whom.
   */
  #account(items: readonly Item[], receipt: { wei: bigint; logs: readonly TriedLog[] } | null): void {
    if (!receipt) return;
    const [opened, refused] = [openedIn(receipt.logs), refusedIn(receipt.logs)];
    const now = performance.now();
    const whole = items.reduce((sum, { gas }) => sum + gas, 0n);
    for (const { id, owner, gas } of items)
      if (opened.has(id)) this.#o.charge(id, (receipt.wei * gas) / whole);
      else if (refused.has(id)) this.#owners.wait(owner, now);
  }
}

/** What a transaction of so many openings states: a fifth above what they take, and what owners' contracts may take besides. */
const limitFor = (gas: bigint, count: number): bigint =>
  (gas * 6n) / 5n + 50_000n + SIGNATURE_GAS * BigInt(count);

function within(items: readonly Item[]): Item[] {
  let [bytes, gas] = [0, 0n];
  const taken: Item[] = [];
  for (const item of items) {
    const isTooMuch =
      bytes + item.bytes > MOST_BYTES || limitFor(gas + item.gas, taken.length + 1) > MOST_GAS;
    if (taken.length > 0 && isTooMuch) continue;
    [bytes, gas] = [bytes + item.bytes, gas + item.gas];
    taken.push(item);
  }
  return taken;
}

const openedIn = (logs: readonly TriedLog[]): ReadonlySet<Hex> => idsIn(logs, "Opened");
const refusedIn = (logs: readonly TriedLog[]): ReadonlySet<Hex> => idsIn(logs, "Refused");
const idsIn = (logs: readonly TriedLog[], eventName: "Opened" | "Refused"): ReadonlySet<Hex> =>
  new Set(
    parseEventLogs({ abi: bundleHubAbi, eventName, logs: logs as unknown as Log[] }).map(
      ({ args }) => args.id,
    ),
  );
