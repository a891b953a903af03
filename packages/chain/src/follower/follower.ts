import { AppError, sameAddress } from "@sooth/kernel";
import { type Executor, notifyLive } from "@sooth/store";
import { ChainError } from "../chain-error.ts";
import { faultOf } from "../rpc/endpoint.ts";
import { agree, type Agreed } from "./agree.ts";
import {
  changeAs,
  type Cursor,
  forgetBelow,
  lockCursor,
  moveCursor,
  readCursor,
  storedBlocks,
  storeHeaders,
  undoAbove,
} from "./cursor.ts";
import { type Followed, prepare } from "./decoder.ts";
import { dispatch } from "./dispatch.ts";
import type { FollowOptions } from "./follow-chain.ts";
import { type Header, readHeader } from "./header.ts";
import { cutHistories, type History, moveHistory, openHistories } from "./histories.ts";
import { followerEvents, followerHead, followerLag, followerReorgDepth, followerReorgs } from "./metrics.ts";
import { RangeSize } from "./range-size.ts";
import { type BlockRange, readRange } from "./read-range.ts";

/** Changes of at least this many blocks can be undone, also where a chain calls fewer final. */
const LEAST_HISTORY = 128;
/** Unfinal blocks of one transaction: few enough to be quick, enough to catch up. */
const UNFINAL_BLOCKS = 64;
/** A head below ours for so long is a shorter chain, not a node that lags. */
const SHRUNK_BLOCKS = 3;
const SHRUNK_LEAST_MS = 2_000;
/** A node whose logs and headers contradict each other so often in a row does not just see a reorg. */
const MOVED_LIMIT = 4;

type Range = { from: number; to: number; final: boolean };

/** One chain's follower. All it knows is in the database; what it holds itself may be lost at any time. */
export class Follower {
  readonly #o: FollowOptions;
  #followed: Followed;
  /** Contracts that are read apart until they are as far as the cursor; undefined before the first step. */
  #lagging: readonly History[] | undefined;
  readonly #size = new RangeSize();
  readonly #history: number;
  /** The next final range, read while this one is written. */
  #ahead: { range: Range; found: Promise<BlockRange | undefined> } | null = null;
  #shrunkSince: number | null = null;
  #moved = 0;

  constructor(o: FollowOptions) {
    this.#o = o;
    this.#followed = prepare(o.handlers);
    this.#history = Math.max(LEAST_HISTORY, o.chain.definition.finality.confirmations);
  }

  /** One level-triggered step: looks at chain and cursor, and brings them closer. False when there is nothing to do. */
  async step(): Promise<boolean> {
    const { chain, store, fromBlock } = this.#o;
    const agreed = await agree(chain);
    const cursor = await readCursor(store.db, this.#chainId, fromBlock);
    const { head } = agreed;
    followerLag.set({ chain: chain.definition.name }, Math.max(0, head.number - cursor.number));
    if (!this.#lagging) await this.#openHistories(cursor);
    if (await this.#isReorg(agreed, cursor)) {
      await this.#goBack(agreed, cursor);
      return true;
    }
    const [history] = this.#lagging ?? [];
    if (history && head.number >= cursor.number) await this.#catchUp(agreed, cursor, history);
    if (head.number <= cursor.number) return history !== undefined;
    return (await this.#advance(agreed, cursor)) || history !== undefined;
  }

  get #chainId(): number {
    return this.#o.chain.definition.id;
  }

  async #isReorg({ readers, head }: Agreed, cursor: Cursor): Promise<boolean> {
    if (cursor.hash === "") return false;
    if (head.number >= cursor.number) this.#shrunkSince = null;
    if (head.number === cursor.number) return head.hash !== cursor.hash;
    if (head.number > cursor.number) {
      if (head.number === cursor.number + 1) return head.parent !== cursor.hash;
      const same = await readHeader(readers[0].client, cursor.number);
      if (!same) throw ChainError.moved({ chain: this.#o.chain.definition.name, block: cursor.number });
      return same.hash !== cursor.hash;
    }
    const [below] = await storedBlocks(this.#o.store.db, this.#chainId, head.number);
    if (below?.number === head.number && below.hash !== head.hash) return true;
    this.#shrunkSince ??= performance.now();
    const patience = Math.max(SHRUNK_LEAST_MS, SHRUNK_BLOCKS * this.#o.chain.definition.blockSeconds * 1000);
    return performance.now() - this.#shrunkSince > patience;
  }

  /** Finds the newest stored block that the chain still has, and undoes all above it. */
  async #goBack({ readers, head }: Agreed, cursor: Cursor): Promise<void> {
    const { store, chain, log, fromBlock } = this.#o;
    const name = chain.definition.name;
    const stored = await storedBlocks(store.db, this.#chainId, cursor.number);
    let fork: { number: number; hash: Cursor["hash"] } | undefined;
    for (const block of stored) {
      if (block.number > head.number || block.number < cursor.undoFrom - 1) continue;
      const now = block.number === head.number ? head : await readHeader(readers[0].client, block.number);
      if (now?.hash !== block.hash) continue;
      fork = block;
      break;
    }
    // With everything undoable there is a way back to before the first block, also from another genesis.
    if (!fork && cursor.undoFrom === fromBlock) fork = { number: fromBlock - 1, hash: "" };
    if (!fork)
      throw ChainError.reorg_too_deep({ chain: name, from: cursor.undoFrom - 1, kept: cursor.undoFrom });
    const to = { ...fork, undoFrom: cursor.undoFrom };
    await store.transaction(async (tx) => {
      await this.#claim(tx, cursor);
      await undoAbove(tx, this.#chainId, to.number);
      await moveCursor(tx, this.#chainId, to);
      await cutHistories(tx, this.#chainId, to.number);
      this.#lagging = undefined;
      const data = { chainId: this.#chainId, reset: true, from: to.number + 1 };
      // No handler runs for what is taken back: whoever showed it hears of it here alone.
      await notifyLive(tx, { topic: "block", id: "reset", data });
    });
    this.#shrunkSince = null;
    const depth = cursor.number - fork.number;
    followerReorgs.inc({ chain: name });
    followerReorgDepth.observe({ chain: name }, depth);
    log?.warn({ chain: name, fork: fork.number, depth }, "reorg: blocks taken back");
  }

  async #openHistories(cursor: Cursor): Promise<void> {
    const { store, handlers } = this.#o;
    const lagging = handlers.some(({ ownTables }) => ownTables)
      ? await store.transaction(async (tx) => {
          await this.#claim(tx, cursor);
          return this.#histories(tx, cursor);
        })
      : [];
    this.#lagging = lagging;
    this.#ahead = null;
    this.#followed = prepare(
      handlers.filter((one) => !lagging.some(({ address }) => sameAddress(address, one.address))),
    );
  }

  #histories(tx: Executor, cursor: Cursor): Promise<History[]> {
    const { fromBlock, handlers } = this.#o;
    return openHistories(tx, { id: this.#chainId, fromBlock, cursor: cursor.number }, handlers);
  }

  /** One range of a contract that lags, up to the cursor at most; blocks that may be taken back one by one, as always. */
  async #catchUp(agreed: Agreed, cursor: Cursor, { address, through }: History): Promise<void> {
    const { store, chain, handlers, log } = this.#o;
    const [from, lastFinal] = [through + 1, cursor.undoFrom - 1];
    const final = from <= lastFinal;
    const most = final ? this.#size.blocks : Math.min(this.#size.blocks, UNFINAL_BLOCKS);
    const range = { from, to: Math.min(from + most - 1, final ? lastFinal : cursor.number), final };
    const followed = prepare(handlers.filter((one) => sameAddress(one.address, address)));
    const found = await this.#read(agreed, range, followed);
    if (!found) return;
    // Whatever becomes of the transaction, the next look is at what was written.
    this.#lagging = undefined;
    await store.transaction(async (tx) => {
      await this.#claim(tx, cursor);
      // Linked among themselves: with its last all are the blocks that the other tables are of.
      const [stored] = final ? [] : await storedBlocks(tx, this.#chainId, range.to);
      if (!final && stored?.hash !== found.headers.at(-1)?.hash)
        throw ChainError.moved({ chain: chain.definition.name, block: range.to });
      if (final) await dispatch(tx, found.logs);
      else await this.#dispatchByBlock(tx, found);
      const moved = await moveHistory(
        tx,
        { id: this.#chainId, cursor: cursor.number },
        { address, ...range },
      );
      if (!moved) throw ChainError.moved({ chain: chain.definition.name, block: range.from });
    });
    followerEvents.inc({ chain: chain.definition.name }, found.logs.length);
    if (range.to >= cursor.number)
      log?.info({ chain: chain.definition.name, contract: address, through: range.to }, "its past was read");
    await this.#openHistories(cursor);
  }

  async #advance(agreed: Agreed, cursor: Cursor): Promise<boolean> {
    const from = cursor.number + 1;
    const ahead = this.#ahead?.range.from === from ? this.#ahead : null;
    this.#ahead = null;
    const range = ahead?.range ?? this.#rangeFrom(from, agreed.head);
    const found = await (ahead?.found ?? this.#read(agreed, range));
    if (!found) return true;
    const first = found.headers[0];
    // The chain turned between two reads: the next step sees it as a reorg.
    if (cursor.hash !== "" && first?.parent !== cursor.hash) return true;
    this.#readAhead(agreed, this.#rangeFrom(range.to + 1, agreed.head));
    await this.#write(cursor, range, found, agreed.head);
    const { name } = this.#o.chain.definition;
    followerEvents.inc({ chain: name }, found.logs.length);
    followerHead.set({ chain: name }, range.to);
    followerLag.set({ chain: name }, Math.max(0, agreed.head.number - range.to));
    return range.to < agreed.head.number;
  }

  #rangeFrom(from: number, head: Header): Range {
    const lastFinal = head.number - this.#history;
    const final = from <= lastFinal;
    const most = final ? this.#size.blocks : Math.min(this.#size.blocks, UNFINAL_BLOCKS);
    return { from, to: Math.min(from + most - 1, final ? lastFinal : head.number), final };
  }

  /** Only final ranges: those above may change before their turn comes. */
  #readAhead(agreed: Agreed, range: Range): void {
    if (!range.final) return;
    const found = this.#read(agreed, range);
    // Whoever awaits it is told; when nobody does, it was not needed.
    found.catch(() => {});
    this.#ahead = { range, found };
  }

  /** Undefined when the range was too much for the node, or the chain moved: the next step asks anew. */
  async #read(
    { readers, head }: Agreed,
    range: Range,
    followed = this.#followed,
  ): Promise<BlockRange | undefined> {
    const blocks = range.to - range.from + 1;
    const { chain } = this.#o;
    try {
      const found = await readRange({
        definition: chain.definition,
        readers,
        followed,
        ...range,
      });
      this.#size.read(blocks, found.logs.length);
      this.#moved = 0;
      return found;
    } catch (error) {
      if (!(error instanceof AppError)) {
        if (this.#size.refused(blocks)) return undefined;
        // It refuses the smallest that can be asked for. What it says of itself is well, so that nobody else would turn from it.
        const [, next, ...more] = readers;
        if (next && faultOf(error) === "answer")
          return this.#read({ head, readers: [next, ...more] }, range, followed);
        // One block alone and the node does not answer: the chain asks another one from now on.
        if (faultOf(error) === "node")
          throw ChainError.rpc_unreachable(
            { chain: chain.definition.name, tried: [readers[0].name] },
            { cause: error },
          );
        throw error;
      }
      if (error.code === "chain.moved" && ++this.#moved >= MOVED_LIMIT) {
        this.#moved = 0;
        chain.putAside(readers[0].name, "its logs and headers do not fit together");
      }
      if (error.code === "chain.rpc_lied") chain.putAside((error.data as { rpc: string }).rpc, error.message);
      throw error;
    }
  }

  async #write(cursor: Cursor, range: Range, found: BlockRange, head: Header): Promise<void> {
    const last = found.headers.at(-1);
    if (!last) return;
    const undoFrom = range.final
      ? range.to + 1
      : Math.max(cursor.undoFrom, Math.min(range.from, head.number - this.#history + 1));
    await this.#o.store.transaction(async (tx) => {
      await this.#claim(tx, cursor);
      await this.#claimHistories(tx, cursor);
      if (range.final) await dispatch(tx, found.logs);
      else await this.#dispatchByBlock(tx, found);
      await storeHeaders(tx, this.#chainId, range.final ? [last] : found.headers);
      if (undoFrom > cursor.undoFrom) await forgetBelow(tx, this.#chainId, undoFrom);
      await moveCursor(tx, this.#chainId, { number: range.to, hash: last.hash, undoFrom });
      if (range.to < head.number) return;
      await changeAs(tx, this.#chainId, range.to);
      const { number, hash, timestamp } = last;
      await this.#o.onBlock?.(tx, { chainId: this.#chainId, number, hash, timestamp });
    });
  }

  async #dispatchByBlock(tx: Executor, found: BlockRange): Promise<void> {
    for (const [block, logs] of Map.groupBy(found.logs, ({ log }) => log.block.number)) {
      await changeAs(tx, this.#chainId, block);
      await dispatch(tx, logs);
    }
  }

  /** Holds the cursor, which must be where it was when the range was read. */
  async #claim(tx: Executor, seen: Cursor): Promise<void> {
    const { chain, fromBlock } = this.#o;
    const now = await lockCursor(tx, this.#chainId, fromBlock);
    if (now.number !== seen.number || now.hash !== seen.hash)
      throw ChainError.moved({ chain: chain.definition.name, block: now.number });
  }

  /** Who lags must be who was left out when the range was read. */
  async #claimHistories(tx: Executor, cursor: Cursor): Promise<void> {
    const left = this.#lagging?.length ?? 0;
    if (left > 0 && (await this.#histories(tx, cursor)).length !== left)
      throw ChainError.moved({ chain: this.#o.chain.definition.name, block: cursor.number });
  }
}
