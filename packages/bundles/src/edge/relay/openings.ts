import { bundleHubAbi } from "@sooth/abi";
import { type Addresses, type Chain, type DirectLane, feeOfBytes, signerOf } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { encodeFunctionData, type Log, parseEventLogs, size } from "viem";
import {
  bundleId,
  encodeLegs,
  bytesFee,
  type HubPrices,
  openingCost,
  type OpeningTakes,
  openingTakes,
  openManyArgs,
  relayersPart,
} from "../../core/index.ts";
import { type Receipt, receiptSoon } from "./aftermath.ts";
import { attempt, MOST_GAS, type TriedLog } from "./attempt.ts";
import { relayFailures } from "./metrics.ts";
import type { HandedOver, Signed, TriedOpening } from "./ports.ts";
import { Waits } from "./waits.ts";

const MOST_OPENINGS = 20;
/** As in a batch of other steps: nodes keep nothing above 128 KiB. */
const MOST_BYTES = 100_000;
/** Legs that wait to be shown; what comes beyond that, and what a restart forgets, the API tells alone. */
const MOST_TO_SHOW = 100;

export type OpenerOptions = {
  hub: Chain;
  addresses: Pick<Addresses, "bundleHub">;
  handedOver: Pick<HandedOver, "openings" | "tried">;
  leastFee: bigint;
  attesterBps: number;
  gift: bigint;
  /** Told what opening a bundle cost, in wei of the hub. */
  charge(id: Hex, wei: bigint): void;
  log: Logger;
};

/** `legs` are those that the opening logs; `later` those that are shown when it is open. */
type Item = Signed & {
  id: Hex;
  owner: Address;
  takes: OpeningTakes;
  later: ToShow | null;
};
type ToShow = { id: Hex; legs: Hex; gas: bigint };

/**
 * Opens what owners signed, at their credit. What pays too little for its opening is left to others; what the hub would refuse
 * waits, ever longer, and so does an owner whose credit was gone when the block came: nobody stands in another's way. Legs that
 * are long are shown when the hub has the fee for it, as an opening that is refused pays nothing.
 */
export class Opener {
  readonly #o: OpenerOptions;
  readonly #underWay = new Set<Hex>();
  readonly #owners = new Waits<Address>();
  readonly #toShow: ToShow[] = [];

  constructor(o: OpenerOptions) {
    this.#o = o;
  }

  /** Looks once, and sends what can be opened now. */
  async turn(lane: DirectLane): Promise<void> {
    const found = await this.#o.handedOver.openings({
      limit: MOST_OPENINGS,
      aside: { ids: [...this.#underWay], owners: this.#owners.waiting(performance.now()) },
    });
    const items = found.map((signed) => this.#itemOf(signed));
    const paid = items.filter((item) => this.#isEnough(item) && costOf(lane, item) <= this.#paysFor(item));
    await this.#tell(
      items.filter((item) => !paid.includes(item)),
      "waits",
    );
    const batch = within(paid);
    if (batch.length > 0) await this.#open(lane, batch);
    const [shown] = this.#toShow;
    if (!shown) return;
    await this.#show(lane, shown);
    this.#toShow.shift();
  }

  #itemOf({ bundle, signature, legs }: Signed): Item {
    const id = bundleId({ chainId: this.#o.hub.definition.id, hub: this.#o.addresses.bundleHub }, bundle);
    const owner = bundle.owner.toLowerCase() as Address;
    const encoded = legs && encodeLegs(legs);
    const isOfKey = signerOf(id, signature) === owner;
    const takes = openingTakes(bundle, encoded, { bytes: size(signature), isOfKey });
    const { how, gas } = takes.showing;
    return {
      bundle,
      signature,
      legs: how === "at_once" ? legs : null,
      id,
      owner,
      takes,
      later: encoded && how === "later" ? { id, legs: encoded, gas } : null,
    };
  }

  #isEnough = ({ bundle }: Item): boolean => bundle.fee >= this.#o.leastFee * BigInt(bundle.legs);

  #paysFor = ({ bundle }: Item): bigint => relayersPart(bundle, this.#o.attesterBps) + this.#o.gift;

  /** What spoils it for the others, or costs more than they pay, is found by halving, and waits. */
  async #open(lane: DirectLane, items: readonly Item[]): Promise<void> {
    const { log } = this.#o;
    let untold = items;
    try {
      const found = await this.#try(lane, items);
      const pay = items.reduce((sum, item) => sum + this.#paysFor(item), 0n);
      const prices = pricesOf(lane);
      const bytes = items.reduce((sum, { takes }) => sum + bytesFee(takes, prices), 0n);
      if (!found.ok || found.gasUsed * prices.gas + bytes > pay) {
        untold = [];
        const middle = Math.ceil(items.length / 2);
        if (items.length === 1) return await this.#tell(items, "waits");
        await this.#open(lane, items.slice(0, middle));
        return await this.#open(lane, items.slice(middle));
      }
      const opened = openedIn(found.logs);
      const [good, bad] = [
        items.filter(({ id }) => opened.has(id)),
        items.filter(({ id }) => !opened.has(id)),
      ];
      await this.#tell(bad, "waits");
      untold = good;
      await this.#tell(good, "owed");
      untold = [];
      if (good.length > 0) await this.#send(lane, good, found.gasUsed);
    } catch (error) {
      await this.#tell(untold, "owed");
      relayFailures.inc({ part: "open" });
      log.warn({ err: error, bundles: items.length }, "bundles cannot be opened now");
    }
  }

  async #tell(items: readonly Item[], came: TriedOpening["came"]): Promise<void> {
    if (items.length > 0) await this.#o.handedOver.tried(items.map(({ id }) => ({ id, came })));
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

  async #send(lane: DirectLane, items: readonly Item[], gasUsed: bigint): Promise<void> {
    const wanted = limitFor(gasUsed, items);
    const gas = wanted < MOST_GAS ? wanted : MOST_GAS;
    const costs = new Map(items.map((item) => [item.id, costOf(lane, item)]));
    const { used } = await lane.send({ ...this.#callOf(items), gas, purpose: "bundle_open" });
    for (const { id } of items) this.#underWay.add(id);
    void this.#afterUse(items, used, costs)
      .catch((error: unknown) => this.#o.log.warn({ err: error }, "what came of openings is not known"))
      .finally(() => items.forEach(({ id }) => this.#underWay.delete(id)));
  }

  async #afterUse(
    items: readonly Item[],
    used: Promise<readonly Hex[] | null>,
    costs: ReadonlyMap<Hex, bigint>,
  ): Promise<void> {
    const hashes = await used;
    // The lane ended: whoever has it next sends the same transaction.
    if (hashes === null) return;
    const receipt = await receiptSoon(this.#o.hub, hashes);
    if (receipt) return this.#account(items, receipt);
    this.#o.log.warn({ hashes, bundles: items.length }, "what openings cost is not known");
    for (const [id, most] of costs) this.#o.charge(id, most);
  }

  /**
   * Credit that was there when it was tried, and not in the block, cost its owner nothing: him too it makes wait. Of a
   * transaction that came to nothing as a whole nobody knows by whom.
   */
  async #account(items: readonly Item[], receipt: Receipt): Promise<void> {
    const [opened, refused] = [openedIn(receipt.logs), refusedIn(receipt.logs)];
    const now = performance.now();
    const whole = items.reduce((sum, item) => sum + mostOf(item), 0n);
    for (const item of items)
      if (opened.has(item.id)) {
        this.#o.charge(item.id, (receipt.wei * mostOf(item)) / whole);
        if (item.later && this.#toShow.length < MOST_TO_SHOW) this.#toShow.push(item.later);
      } else if (refused.has(item.id)) this.#owners.wait(item.owner, now);
    await this.#tell(
      items.filter(({ id }) => refused.has(id)),
      "refused",
    );
  }

  /** Nobody waits for it, and the hub has the fee. */
  async #show(lane: DirectLane, { id, legs, gas }: ToShow): Promise<void> {
    const { hub, addresses, charge, log } = this.#o;
    const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "show", args: [id, legs] });
    const call = { to: addresses.bundleHub, data, value: 0n, gas, purpose: "bundle_show" };
    const { used } = await lane.send(call);
    const account = async () => {
      const hashes = await used;
      const receipt = hashes && (await receiptSoon(hub, hashes));
      if (receipt) charge(id, receipt.wei);
    };
    void account().catch((error: unknown) =>
      log.warn({ err: error, bundle: id }, "what showing legs cost is not known"),
    );
  }
}

const pricesOf = ({ market }: DirectLane): HubPrices => ({
  gas: market?.price ?? 0n,
  ofBytes: (bytes) => (market ? feeOfBytes(market.bytes, bytes) : 0n),
});
const costOf = (lane: DirectLane, { takes }: Item): bigint => openingCost(takes, pricesOf(lane));
const mostOf = ({ takes: { gas } }: Item): bigint => gas.opening + gas.signature;

/** What a transaction of openings states: a fifth above what they took when tried, and what owners' contracts may take besides. */
const limitFor = (gasUsed: bigint, items: readonly Item[]): bigint =>
  (gasUsed * 6n) / 5n + 50_000n + items.reduce((sum, { takes }) => sum + takes.gas.signature, 0n);

function within(items: readonly Item[]): Item[] {
  let [bytes, gas] = [0, 0n];
  const taken: Item[] = [];
  for (const item of items) {
    const { gas: its, bytes: parts } = item.takes;
    const [more, most] = [bytes + (parts[0] ?? 0), gas + its.opening];
    const isTooMuch = more > MOST_BYTES || limitFor(most, [...taken, item]) > MOST_GAS;
    if (taken.length > 0 && isTooMuch) continue;
    [bytes, gas] = [more, most];
    taken.push(item);
  }
  return taken;
}

const openedIn = (logs: readonly TriedLog[]): ReadonlySet<Hex> =>
  new Set(
    parseEventLogs({ abi: bundleHubAbi, eventName: "Opened", logs: logs as unknown as Log[] }).map(
      ({ args }) => args.id,
    ),
  );
/** {Refusal.OpenAlready}: somebody else was faster, and nobody is to blame. */
const OPEN_ALREADY = 1;
const refusedIn = (logs: readonly TriedLog[]): ReadonlySet<Hex> =>
  new Set(
    parseEventLogs({ abi: bundleHubAbi, eventName: "Refused", logs: logs as unknown as Log[] }).flatMap(
      ({ args: { id, why } }) => (why === OPEN_ALREADY ? [] : [id]),
    ),
  );
