import { type Hex, need } from "@sooth/kernel";
import type { NodeHead } from "../decide/index.ts";
import { apply, type Call, GENESIS, type Setting, type State } from "./model/index.ts";
import type { ChainPlan } from "./plan.ts";
import type { Chance } from "./random.ts";

export type Tx = { call: Call; from: string; readyAt: number };
export type SimBlock = { height: number; now: number; hash: Hex; state: State; paused: boolean; txs: Tx[] };
export type Weather = { paused: boolean; halted: boolean; censored: boolean; slow: boolean };
/** A transaction in a block, and the states around it. */
export type Included = { tx: Tx; refused: string | null; changed: boolean; before: State; after: State };

/** One chain: blocks over states, transactions that wait, and blocks that are taken back. */
export class SimChain {
  readonly plan: ChainPlan;
  readonly #dice: Chance;
  readonly #blocks: SimBlock[] = [
    { height: 0, now: 0, hash: "0x00", state: GENESIS, paused: false, txs: [] },
  ];
  #waiting: Tx[] = [];
  #forks = 0;
  #highest = 0;

  constructor(plan: ChainPlan, dice: Chance) {
    this.plan = plan;
    this.#dice = dice;
  }

  get head(): SimBlock {
    return need(this.#blocks.at(-1), "head");
  }
  get idle(): boolean {
    return this.#waiting.length === 0;
  }
  blockAt(height: bigint): SimBlock | null {
    return this.#blocks[Number(height)] ?? null;
  }
  send(tx: Tx): void {
    this.#waiting.push(tx);
  }

  /** The next block, with those of the waiting transactions that are ready; in any order, as miners like. */
  produce(now: number, weather: Weather, setting: Setting): Included[] {
    const ready = weather.censored ? [] : this.#waiting.filter(({ readyAt }) => readyAt <= now);
    if (ready.length > 0) this.#waiting = this.#waiting.filter((tx) => !ready.includes(tx));
    const parent = this.head;
    let { state } = parent;
    const block = { chainId: this.plan.chainId, now, height: parent.height + 1, paused: weather.paused };
    const told: Included[] = [];
    for (; ready.length > 0;) {
      const [tx] = ready.splice(this.#dice.below(ready.length), 1);
      if (!tx) break;
      const done = apply(state, tx.call, block, setting);
      const before = state;
      if ("refused" in done) told.push({ tx, refused: done.refused, changed: false, before, after: before });
      else {
        told.push({ tx, refused: null, changed: done.state !== before, before, after: done.state });
        state = done.state;
      }
    }
    const hash: Hex = `0x${this.#forks.toString(16)}f${block.height.toString(16)}`;
    this.#blocks.push({ ...block, hash, state, txs: told.map(({ tx }) => tx) });
    this.#highest = Math.max(this.#highest, block.height);
    return told;
  }

  /** How many blocks may go before one does that somebody may have believed: two branches that go soon after each other go as one. */
  get spare(): number {
    return Math.max(0, this.head.height - (this.#highest - this.plan.wait));
  }

  /** Takes back the last blocks. Most of their transactions wait again, some are lost. */
  takeBack(depth: number, now: number): number {
    if (depth === 0) return 0;
    const gone = this.#blocks.splice(Math.max(1, this.#blocks.length - depth));
    this.#forks++;
    for (const { txs } of gone)
      for (const tx of txs)
        if (this.#dice.is(0.7)) this.#waiting.push({ ...tx, readyAt: now + this.#dice.below(20) });
    return gone.length;
  }

  /** What an honest node says of its newest blocks. */
  node(): NodeHead {
    const latest = BigInt(this.head.height);
    const old = latest - BigInt(this.plan.wait);
    return { latest, safe: old, finalized: old, hashOf: (block) => this.blockAt(block)?.hash ?? null };
  }
}
