import type { Address, Hex } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import { formatEther, formatGwei, type LocalAccount, parseTransaction } from "viem";
import { type Fees, type Market, marketFees, raisedFees, replacementFees } from "../outbox/fees.ts";
import { refusalOf } from "../outbox/refusal.ts";
import type { Chain } from "../rpc/chain.ts";
import { forgetSigned, keepSigned, type Signed, signedFrom } from "./journal.ts";
import {
  directBalance,
  directInFlight,
  directMined,
  directRefused,
  directReplaced,
  directSent,
  gasPrice,
} from "./metrics.ts";
import { signTransaction } from "./sign-transaction.ts";

/** `gas` is given: whoever sends has tried the call already. */
export type DirectCall = { to: Address; data: Hex; value: bigint; gas: bigint; purpose: string };

/** More would only wait in the pools, which keep 16 per account and more at their will. */
const IN_FLIGHT = 16;
/** A transaction that this many blocks left out is offered more. */
const REPLACE_AFTER_BLOCKS = 2;
/** A node may forget what it was given; giving it again costs nothing. */
const REBROADCAST_BLOCKS = 2;
/** As deep as a chain may reorganise and bring a nonce back. */
const KEPT_BLOCKS = 128;
const EMPTY_GAS = 30_000n;

type Open = {
  call: DirectCall;
  signed: Signed;
  /** Of all that were signed with its nonce, the newest last: any of them may be the one that is mined. */
  hashes: readonly Hex[];
  fees: Fees;
  broadcastAt: number;
  done: (by: readonly Hex[] | null) => void;
};

/**
 * One account's transactions on one chain, for senders who read from the chain what became of their calls: no result is kept, and
 * what was not mined is looked after until its nonce is used. Nonces are given when a call is sent; a transaction stands in the
 * journal, signed, before it leaves. One process at a time; {withLease} sees to that.
 */
export class DirectLane {
  readonly account: Address;
  readonly #o: { store: Store; chain: Chain; account: LocalAccount; log?: Logger };
  readonly #of: { chainId: number; account: Address };
  readonly #open = new Map<number, Open>();
  #next = -1;
  #mined = 0;
  #head = 0;
  #market: Market | null = null;
  #balance = 0n;
  /** Nonces go out in their order. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(o: { store: Store; chain: Chain; account: LocalAccount; log?: Logger }) {
    this.#o = o;
    this.account = o.account.address.toLowerCase() as Address;
    this.#of = { chainId: o.chain.definition.id, account: this.account };
  }

  /** What gas costs, as of the newest block seen; null before it began. */
  get market(): Market | null {
    return this.#market;
  }
  /** Wei, as of a while ago. */
  get balance(): bigint {
    return this.#balance;
  }
  get inFlight(): number {
    return this.#open.size;
  }
  /** Whether it began: from then on it may be given calls. */
  get isOpen(): boolean {
    return this.#next >= 0;
  }
  get hasRoom(): boolean {
    return this.isOpen && this.#open.size < IN_FLIGHT;
  }

  /** Takes up what a process before signed; call it first. */
  async begin(): Promise<void> {
    const { client } = this.#o.chain;
    const [mined, pending, head] = await Promise.all([
      client.getTransactionCount({ address: this.account, blockTag: "latest" }),
      client.getTransactionCount({ address: this.account, blockTag: "pending" }),
      client.getBlockNumber({ cacheTime: 0 }),
    ]);
    [this.#mined, this.#head] = [mined, Number(head)];
    this.#market = await marketFees(client);
    for (const signed of await signedFrom(this.#o.store.db, this.#of, mined))
      this.#open.set(signed.nonce, openOf(signed));
    this.#next = Math.max(pending, ...[...this.#open.keys()].map((nonce) => nonce + 1));
    for (const one of this.#open.values()) await this.#broadcast(one);
    await this.#measure();
  }

  /** Nothing more is sent from here; what is under way is the next process's. */
  end(): void {
    this.#next = -1;
    for (const { done } of this.#open.values()) done(null);
    this.#open.clear();
  }

  /**
   * Signs, stores and sends. @returns resolves, once it left, with a promise of its nonce having been used: by one of these, or,
   * when somebody else sends from the account, by none of them; null when the lane ended before
   */
  send(call: DirectCall): Promise<{ hash: Hex; used: Promise<readonly Hex[] | null> }> {
    const sent = this.#turn.then(() => this.#send(call));
    this.#turn = sent.catch(() => undefined);
    return sent;
  }

  /**
   * Looks at the chain's new head: what is mined, what waits too long, what a node forgot.
   * @param market what it asks, when lanes of one chain look together
   */
  onHead(head: number, market?: Promise<Market>): Promise<void> {
    const looked = this.#turn.then(() => this.#look(head, market));
    this.#turn = looked.catch(() => undefined);
    return looked;
  }

  async #send(call: DirectCall): Promise<{ hash: Hex; used: Promise<readonly Hex[] | null> }> {
    const { store, chain } = this.#o;
    const fees = (this.#market ??= await marketFees(chain.client));
    const nonce = this.#next;
    const signed = await this.#sign(call, nonce, fees);
    await keepSigned(store.db, this.#of, signed);
    // From here on it may have left, whatever happens.
    this.#next = nonce + 1;
    const { promise: used, resolve: done } = Promise.withResolvers<readonly Hex[] | null>();
    const open: Open = { call, signed, hashes: [signed.hash], fees, broadcastAt: -1, done };
    this.#open.set(nonce, open);
    directSent.inc({ chain: chain.definition.name, purpose: call.purpose });
    directInFlight.set({ chain: chain.definition.name, account: this.account }, this.#open.size);
    await this.#broadcast(open);
    return { hash: signed.hash, used };
  }

  async #look(head: number, market?: Promise<Market>): Promise<void> {
    if (!this.isOpen) return;
    const { client } = this.#o.chain;
    this.#head = head;
    // Asked for in one request.
    [this.#mined, this.#market] = await Promise.all([
      client.getTransactionCount({ address: this.account, blockTag: "latest" }),
      market ?? marketFees(client),
    ]);
    for (const [nonce, open] of this.#open) {
      if (nonce < this.#mined) this.#close(nonce, open);
      else await this.#tend(open);
    }
    // Somebody else sends from this account too.
    if (this.#next < this.#mined) this.#next = this.#mined;
    if (head % 16 === 0) {
      await forgetSigned(this.#o.store.db, this.#of, { nonce: this.#mined, block: head - KEPT_BLOCKS });
      await this.#measure();
    }
    const lowest = Math.min(...this.#open.keys(), this.#next);
    // A reorganisation took blocks with ours in them: what they held is sent again, or every nonce above would wait for ever.
    if (lowest > this.#mined) await this.#reopen(lowest);
  }

  async #reopen(lowest: number): Promise<void> {
    const known = await signedFrom(this.#o.store.db, this.#of, this.#mined);
    for (const signed of known.filter(({ nonce }) => nonce < lowest)) {
      const open = openOf(signed);
      this.#open.set(signed.nonce, open);
      await this.#broadcast(open);
    }
    // Not ours to send again, or long forgotten.
    for (let nonce = this.#mined; nonce < lowest; nonce++)
      if (!this.#open.has(nonce)) await this.#fill(nonce, this.#market ?? { maxFee: 0n, maxPriorityFee: 0n });
  }

  #close(nonce: number, open: Open): void {
    const { name } = this.#o.chain.definition;
    this.#open.delete(nonce);
    directMined.inc({ chain: name, purpose: open.call.purpose });
    directInFlight.set({ chain: name, account: this.account }, this.#open.size);
    open.done(open.hashes);
  }

  async #tend(open: Open): Promise<void> {
    const market = this.#market;
    const fees =
      market && this.#head - open.signed.atBlock >= REPLACE_AFTER_BLOCKS
        ? replacementFees(open.fees, market)
        : null;
    if (fees) await this.#replace(open, open.call, fees);
    else if (open.broadcastAt < 0 || this.#head - open.broadcastAt >= REBROADCAST_BLOCKS)
      await this.#broadcast(open);
  }

  async #replace(open: Open, call: DirectCall, fees: Fees): Promise<void> {
    open.signed = await this.#sign(call, open.signed.nonce, fees);
    open.hashes = [...open.hashes, open.signed.hash];
    open.fees = fees;
    open.call = call;
    await keepSigned(this.#o.store.db, this.#of, open.signed);
    directReplaced.inc({ chain: this.#o.chain.definition.name });
    await this.#broadcast(open);
  }

  /** The account pays itself nothing: that takes the nonce and does no more. */
  #empty(): DirectCall {
    return { to: this.account, data: "0x", value: 0n, gas: EMPTY_GAS, purpose: "fill" };
  }

  async #fill(nonce: number, fees: Fees): Promise<void> {
    const signed = await this.#sign(this.#empty(), nonce, fees);
    await keepSigned(this.#o.store.db, this.#of, signed);
    const open: Open = {
      call: this.#empty(),
      signed,
      hashes: [signed.hash],
      fees,
      broadcastAt: -1,
      done: () => undefined,
    };
    this.#open.set(nonce, open);
    await this.#broadcast(open);
  }

  /** A refusal is not the end: what it means shows at the next head, from the chain itself. */
  async #broadcast(open: Open): Promise<void> {
    const { chain, log } = this.#o;
    try {
      await chain.client.request({ method: "eth_sendRawTransaction", params: [open.signed.raw] });
      open.broadcastAt = this.#head;
    } catch (error) {
      const reason = refusalOf(error);
      if (reason === "known" || reason === "nonce_used" || reason === "underpriced") {
        // In the pool already, or mined; or an attempt of ours with the same nonce waits there.
        open.broadcastAt = this.#head;
        return;
      }
      directRefused.inc({ chain: chain.definition.name, reason });
      log?.warn(
        { err: error, reason, chain: chain.definition.name, nonce: open.signed.nonce },
        "a node refused a transaction",
      );
      // Nobody ever takes it, and every nonce behind it would wait.
      if (reason === "never" && open.call.purpose !== "fill" && this.#market)
        await this.#replace(open, this.#empty(), raisedFees(open.fees, this.#market));
    }
  }

  async #sign(call: DirectCall, nonce: number, fees: Fees): Promise<Signed> {
    const signed = await signTransaction(this.#o.account, {
      chainId: this.#of.chainId,
      to: call.to,
      data: call.data,
      value: call.value,
      nonce,
      gas: call.gas,
      maxFeePerGas: fees.maxFee,
      maxPriorityFeePerGas: fees.maxPriorityFee,
    });
    return { ...signed, nonce, atBlock: this.#head };
  }

  async #measure(): Promise<void> {
    const { client, definition } = this.#o.chain;
    const labels = { chain: definition.name, account: this.account };
    this.#balance = await client.getBalance({ address: this.account });
    directBalance.set(labels, Number(formatEther(this.#balance)));
    if (this.#market) gasPrice.set({ chain: definition.name }, Number(formatGwei(this.#market.maxFee)));
  }
}

/** What a transaction asked for stands in its bytes; nobody waits for it any more. */
function openOf(signed: Signed): Open {
  const {
    to,
    data = "0x",
    value = 0n,
    gas = 0n,
    maxFeePerGas = 0n,
    maxPriorityFeePerGas = 0n,
  } = parseTransaction(signed.raw);
  return {
    call: { to: (to ?? "0x") as Address, data, value, gas, purpose: "again" },
    signed,
    hashes: [signed.hash],
    fees: { maxFee: maxFeePerGas, maxPriorityFee: maxPriorityFeePerGas },
    broadcastAt: -1,
    done: () => undefined,
  };
}
