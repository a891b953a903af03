import type { Address } from "@sooth/kernel";
import { formatEther } from "viem";
import { marketFees } from "./fees.ts";
import { laneBalance, laneInFlight, laneQueued } from "./metrics.ts";
import { laneCounts, type LaneKey, openRows } from "./rows.ts";
import type { LaneOptions } from "./run-lane.ts";
import { Sender } from "./sender.ts";
import { settle } from "./settle.ts";

/** What the chain says at the start of a round. */
export type View = {
  head: number;
  /** Whether the head is another than in the round before. */
  moved: boolean;
  /** Of a whole block. */
  gasLimit: bigint;
  /** Transactions of the account that are mined; its next nonce when nothing is under way. */
  mined: number;
  /** The same with what waits in the node's pool. */
  pending: number;
};

/** More would only wait in the pools, which keep 16 per account and more at their will. */
const IN_FLIGHT = 16;
/** Of these, what all that others do not wait for may take: a flood of it never keeps an answer from going out. */
const IN_FLIGHT_LOWER = 12;

/** One account's lane. Level-triggered: a round compares rows with the chain and does what is missing. */
export class Lane {
  readonly #o: LaneOptions;
  readonly #key: LaneKey;
  readonly #sender: Sender;
  #balanceAt = -1;
  #headHash = "";

  constructor(o: LaneOptions) {
    this.#o = o;
    const account = o.account.address.toLowerCase() as Address;
    this.#key = { chainId: o.chain.definition.id, account };
    this.#sender = new Sender(o, this.#key);
  }

  async round(): Promise<void> {
    const { store, chain } = this.#o;
    const counts = await laneCounts(store.db, this.#key);
    const labels = { chain: chain.definition.name };
    laneQueued.set(labels, counts.queued);
    laneInFlight.set({ ...labels, account: this.#key.account }, counts.sent);
    if (counts.queued + counts.sent + counts.mined + counts.reverted === 0 && this.#balanceAt >= 0) return;
    const view = await this.#look();
    await this.#watchBalance(view.head);
    if (counts.sent + counts.mined + counts.reverted > 0) await settle(this.#o, this.#key, view);
    const open = await openRows(store.db, this.#key, "sent");
    this.#sender.keepOnly(open);
    const fees = open.length + counts.queued > 0 ? await marketFees(chain.client) : null;
    if (!fees) return;
    await this.#sender.tend(open, view, fees);
    const lower = open.filter(({ priority }) => priority > 0).length;
    const room = { all: IN_FLIGHT - open.length, lower: IN_FLIGHT_LOWER - lower };
    if (room.all > 0 && counts.queued > 0) await this.#sender.sendNew(open, view, fees, room);
  }

  async #look(): Promise<View> {
    const { client } = this.#o.chain;
    const { address } = this.#o.account;
    const [{ number, hash, gasLimit }, mined, pending] = await Promise.all([
      client.getBlock({ blockTag: "latest" }),
      client.getTransactionCount({ address, blockTag: "latest" }),
      client.getTransactionCount({ address, blockTag: "pending" }),
    ]);
    const moved = hash !== this.#headHash;
    this.#headHash = hash;
    return { head: Number(number), moved, gasLimit, mined, pending };
  }

  async #watchBalance(head: number): Promise<void> {
    if (head === this.#balanceAt) return;
    const { chain, account } = this.#o;
    const wei = await chain.client.getBalance({ address: account.address });
    laneBalance.set({ chain: chain.definition.name, account: this.#key.account }, Number(formatEther(wei)));
    this.#balanceAt = head;
  }
}
