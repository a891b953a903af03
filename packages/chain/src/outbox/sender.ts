import { type Address, BaseError, type Hex, keccak256, numberToHex } from "viem";
import { faultOf } from "../rpc/endpoint.ts";
import { type Fees, raisedFees, replacementFees } from "./fees.ts";
import type { View } from "./lane.ts";
import { failAndRelease, JOINED_BYTES, joinQueued } from "./joined.ts";
import { laneFailed, laneRefused, laneReplaced, laneSent } from "./metrics.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { type Revert, revertOf } from "./revert.ts";
import {
  type Attempt,
  bind,
  deferUntil,
  type LaneKey,
  markRefused,
  type Open,
  type Queued,
  type Room,
  storeAttempt,
  takeQueued,
} from "./rows.ts";
import type { LaneOptions } from "./run-lane.ts";

/** A transaction that this many blocks left out is offered more. */
const REPLACE_AFTER_BLOCKS = 3;
/** A node may forget what it was given; giving it again costs nothing. */
const REBROADCAST_BLOCKS = 2;
/** No transaction may take more gas than this by EIP-7825, whatever fits into a block. */
const MOST_GAS = 2n ** 24n;
/** Calls that go together take this part of what one transaction may take: what they say they take is a guess. */
const JOINED_PART = 2n;
/** An estimate goes this far beyond what is allowed, to tell what is needed; without an end it could outlast a node's patience. */
const TRIED_MULTIPLE = 4n;

/** Signs, stores, and only then sends; and looks after what was sent and is not mined. */
export class Sender {
  readonly #o: LaneOptions;
  readonly #lane: LaneKey;
  /** Head at the last broadcast of each hash, by this process: what is not here was sent by one that ended, or never. */
  #broadcastAt = new Map<string, number>();

  constructor(o: LaneOptions, lane: LaneKey) {
    this.#o = o;
    this.#lane = lane;
  }

  /** Forgets broadcasts of what is no longer under way, so that a mined one which a reorg reopens is sent at once. */
  keepOnly(open: readonly Open[]): void {
    const live = new Set<string>(open.flatMap(({ hashes }) => hashes));
    this.#broadcastAt = new Map([...this.#broadcastAt].filter(([hash]) => live.has(hash)));
  }

  /** Sends again what may be lost, and offers more for what waits too long. */
  async tend(open: readonly Open[], view: View, market: Fees): Promise<void> {
    for (const row of open) {
      if (row.nonce < view.mined) continue;
      const fees =
        view.head - row.attempt.atBlock >= REPLACE_AFTER_BLOCKS ? replacementFees(row.attempt, market) : null;
      const sentAt = this.#broadcastAt.get(row.attempt.hash);
      if (fees) await this.#replace(row, fees, view);
      else if (sentAt === undefined || view.head - sentAt >= REBROADCAST_BLOCKS)
        await this.#sendAgain(row, market, view);
    }
  }

  /** What a node will never take holds up all nonces behind it, so that its own is then used by an empty transfer. */
  async #sendAgain(row: Open, market: Fees, view: View): Promise<void> {
    const refused = await this.#broadcast(row.attempt, view.head);
    if (refused?.reason !== "never" || row.refused !== null) return;
    const { chain, store, account, log } = this.#o;
    const gas = await chain.client.estimateGas({ account: account.address, to: account.address });
    const free = { ...row, refused: refused.text, gas: Number((gas * 6n + 4n) / 5n) };
    const fees = raisedFees(row.attempt, market);
    const attempt = await this.#sign(this.#empty(), free, fees, view.head);
    // Its own attempts stay: had another node taken one, that could be mined instead, and would count.
    await store.transaction(async (tx) => {
      await markRefused(tx, row, free.refused, free.gas);
      await storeAttempt(tx, row.id, row.nonce, attempt);
    });
    log?.warn({ key: row.key, nonce: row.nonce, refused: free.refused }, "refused for good: nonce is freed");
    await this.#broadcast(attempt, view.head);
  }

  /** Takes up to `room` queued rows, each to a nonce of its own. Of calls that may go together many are one. */
  async sendNew(open: readonly Open[], view: View, fees: Fees, room: Room): Promise<void> {
    const { store, chain } = this.#o;
    const gas = Number(smaller(view.gasLimit, MOST_GAS) / JOINED_PART);
    await joinQueued(store, chain.definition, { gas, bytes: JOINED_BYTES });
    const queued = await takeQueued(store.db, this.#lane.chainId, view.mined, room);
    const estimated = await Promise.all(
      queued.map(async (row) => ({ row, gas: await this.#estimate(row, open, view) })),
    );
    const nonces = freeNonces(open, view);
    const attempts = await store.transaction(async (tx) => {
      const done: Attempt[] = [];
      let nonce = nonces.next().value;
      for (const { row, gas } of estimated) {
        if (gas === null) continue;
        const attempt = await this.#sign(row, { nonce, gas }, fees, view.head);
        if (!(await bind(tx, this.#lane, row, { nonce, gas }))) continue;
        await storeAttempt(tx, row.id, nonce, attempt);
        done.push(attempt);
        laneSent.inc({ chain: chain.definition.name, purpose: row.purpose });
        nonce = nonces.next().value;
      }
      return done;
    });
    for (const attempt of attempts) await this.#broadcast(attempt, view.head);
  }

  /**
   * Gas with a fifth to spare, for state that changes until it is mined. Null when it reverts or needs more than it may
   * take: then its row says so.
   */
  async #estimate(row: Queued, open: readonly Open[], view: View): Promise<number | null> {
    const { chain, store, account, errors } = this.#o;
    const allowed = allowedGas(row, view);
    const tried = smaller(allowed * TRIED_MULTIPLE, view.gasLimit);
    try {
      const gas = await chain.client.request({
        method: "eth_estimateGas",
        params: [
          {
            from: account.address,
            to: row.to,
            data: row.data,
            value: numberToHex(row.value),
            gas: numberToHex(tried),
          },
          "pending",
        ],
      });
      const needed = BigInt(gas);
      if (needed > allowed) return await this.#fail(row, tooHigh(String(needed), allowed));
      return Number(smaller((needed * 6n + 4n) / 5n, allowed));
    } catch (error) {
      const revert = revertOf(error, errors);
      if (!revert) {
        const refusal = refusalOf(error);
        if (refusal === "too_much_gas" || refusal === "never")
          return this.#fail(row, tooHigh(`more than ${tried}`, allowed));
        // No money for it: it waits, and so does all behind it. Anything else is the node's trouble.
        if (refusal === "no_funds") return this.#refused("no_funds", error);
        throw error;
      }
      // One of many is to blame: each of them is asked by itself, soon enough.
      if (row.carries) return this.#fail(row, revert);
      // It may need the effect of one that is under way, and is asked again once those are mined.
      const decides = Math.max(view.mined, ...open.map(({ nonce }) => nonce + 1), view.pending);
      if (row.decideAtNonce === null && decides > view.mined) {
        await deferUntil(store.db, row, decides);
        return null;
      }
      return this.#fail(row, revert);
    }
  }

  async #fail(row: Queued, revert: Revert): Promise<null> {
    const { chain, store, log } = this.#o;
    await store.transaction((tx) => failAndRelease(tx, chain.definition, row, { revert }));
    laneFailed.inc({ chain: chain.definition.name, purpose: row.purpose });
    log?.warn({ key: row.key, purpose: row.purpose, revert }, "transaction would fail: not sent");
    return null;
  }

  /** The account pays itself nothing: that takes the nonce and does no more. */
  #empty(): Call {
    return { to: this.#lane.account, data: "0x", value: 0n };
  }

  async #replace(row: Open, fees: Fees, view: View): Promise<void> {
    const { store, chain, log } = this.#o;
    const sent = row.refused === null ? row : this.#empty();
    const attempt = await this.#sign(sent, row, fees, view.head);
    await storeAttempt(store.db, row.id, row.nonce, attempt);
    laneReplaced.inc({ chain: chain.definition.name, purpose: row.purpose });
    log?.info(
      { key: row.key, nonce: row.nonce, maxFee: String(fees.maxFee) },
      "transaction replaced with higher fees",
    );
    await this.#broadcast(attempt, view.head);
  }

  async #sign(call: Call, at: { nonce: number; gas: number }, fees: Fees, head: number): Promise<Attempt> {
    const raw = await this.#o.account.signTransaction({
      type: "eip1559",
      chainId: this.#lane.chainId,
      to: call.to,
      data: call.data,
      value: call.value,
      nonce: at.nonce,
      gas: BigInt(at.gas),
      maxFeePerGas: fees.maxFee,
      maxPriorityFeePerGas: fees.maxPriorityFee,
    });
    return { ...fees, raw, hash: keccak256(raw), atBlock: head };
  }

  /** A refusal is not the end: what it means shows in the next round, from the chain itself. */
  async #broadcast(attempt: Attempt, head: number): Promise<{ reason: Refusal; text: string } | null> {
    try {
      await this.#o.chain.client.request({ method: "eth_sendRawTransaction", params: [attempt.raw] });
      this.#broadcastAt.set(attempt.hash, head);
      return null;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "other" && faultOf(error) !== null) throw error;
      // Mined or in the pool already. "underpriced" too: an attempt of ours with the same nonce waits there.
      // What a new one is told for ever, the next round asks again, and then acts upon.
      if (refusal !== "no_funds" && refusal !== "never") this.#broadcastAt.set(attempt.hash, head);
      if (refusal !== "known") this.#refused(refusal, error);
      return { reason: refusal, text: wordsOf(error) };
    }
  }

  #refused(reason: string, error: unknown): null {
    laneRefused.inc({ chain: this.#o.chain.definition.name, reason });
    this.#o.log?.warn({ reason, err: error }, "node refused a transaction");
    return null;
  }
}

type Call = { to: Address; data: Hex; value: bigint };

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const allowedGas = ({ gasLimit }: Queued, view: View): bigint => {
  const most = smaller(view.gasLimit, MOST_GAS);
  return gasLimit === null ? most : smaller(BigInt(gasLimit), most);
};

const tooHigh = (needed: string, allowed: bigint): Revert => ({
  name: "GasTooHigh",
  data: null,
  text: `it needs ${needed} gas, and ${allowed} is allowed`,
});

/** The node's own words: viem's message repeats the whole request. */
const wordsOf = (error: unknown): string =>
  error instanceof BaseError ? error.details || error.shortMessage : String(error);

/** Nonces that nobody uses, lowest first: holes among ours that the pool does not fill, then all above. */
function* freeNonces(open: readonly Open[], view: View): Generator<number, never> {
  const ours = new Set(open.map(({ nonce }) => nonce));
  for (let nonce = view.pending; ; nonce++) if (!ours.has(nonce)) yield nonce;
}
