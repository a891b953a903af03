import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { BlockRef } from "../logs.ts";
import type { Header } from "./header.ts";

/** The last block whose logs are in the tables. An empty hash: nothing was read yet. */
export type Cursor = { number: number; hash: Hex | ""; undoFrom: number };

/** Where the tables stand, without a lock: most looks find nothing to do. */
export async function readCursor(db: Executor, chainId: number, fromBlock: number): Promise<Cursor> {
  const row = await one<Cursor>(
    db,
    sql`select number, hash, undo_from as "undoFrom" from chain.cursors where chain_id = ${chainId}`,
  );
  return row ?? { number: fromBlock - 1, hash: "", undoFrom: fromBlock };
}

/** The last block whose logs are in the tables; undefined before the first one. */
export const followedHead = (db: Executor, chainId: number): Promise<BlockRef | undefined> =>
  one<BlockRef>(
    db,
    sql`select b.chain_id as "chainId", b.number, b.hash, b.timestamp from chain.cursors c
      join chain.blocks b on b.chain_id = c.chain_id and b.number = c.number where c.chain_id = ${chainId}`,
  );

/** The last block whose rows no reorganisation takes back; undefined while there is none. */
export const finalHead = (db: Executor, chainId: number): Promise<BlockRef | undefined> =>
  one<BlockRef>(
    db,
    sql`select b.chain_id as "chainId", b.number, b.hash, b.timestamp from chain.cursors c
      join chain.blocks b on b.chain_id = c.chain_id and b.number = c.undo_from - 1 where c.chain_id = ${chainId}`,
  );

/** The hash of a block that may still go, or is the last final one; undefined for all others. */
export const followedHash = async (db: Executor, chainId: number, number: number): Promise<Hex | undefined> =>
  (
    await one<{ hash: Hex }>(
      db,
      sql`select hash from chain.blocks where chain_id = ${chainId} and number = ${number}`,
    )
  )?.hash;

/** The cursor, made when missing, held until `tx` ends: a second follower that lost its lease late waits, then differs. */
export async function lockCursor(tx: Executor, chainId: number, fromBlock: number): Promise<Cursor> {
  await sql`insert into chain.cursors (chain_id, number, hash, undo_from)
    values (${chainId}, ${fromBlock - 1}, '', ${fromBlock}) on conflict do nothing`.execute(tx);
  await sql`select 1 from chain.cursors where chain_id = ${chainId} for update`.execute(tx);
  return readCursor(tx, chainId, fromBlock);
}

export async function moveCursor(tx: Executor, chainId: number, to: Cursor): Promise<void> {
  await sql`update chain.cursors set number = ${to.number}, hash = ${to.hash}, undo_from = ${to.undoFrom}
    where chain_id = ${chainId}`.execute(tx);
}

export async function storeHeaders(tx: Executor, chainId: number, headers: readonly Header[]): Promise<void> {
  await sql`insert into chain.blocks (chain_id, number, hash, parent, timestamp)
    select ${chainId}, * from unnest(
      ${headers.map(({ number }) => number)}::bigint[], ${headers.map(({ hash }) => hash)}::text[],
      ${headers.map(({ parent }) => parent)}::text[], ${headers.map(({ timestamp }) => timestamp)}::bigint[])`.execute(
    tx,
  );
}

/** Forgets how to undo blocks below `undoFrom`; the header just below is kept, as the end of any way back. */
export async function forgetBelow(tx: Executor, chainId: number, undoFrom: number): Promise<void> {
  await sql`delete from chain.undo where chain_id = ${chainId} and block < ${undoFrom}`.execute(tx);
  await sql`delete from chain.blocks where chain_id = ${chainId} and number < ${undoFrom - 1}`.execute(tx);
}

/** Stored blocks at or below `number`, newest first. */
export const storedBlocks = (
  db: Executor,
  chainId: number,
  number: number,
): Promise<{ number: number; hash: Hex }[]> =>
  rows(
    db,
    sql`select number, hash from chain.blocks where chain_id = ${chainId} and number <= ${number} order by number desc`,
  );

/** Takes back all rows of blocks above `fork`. */
export async function undoAbove(tx: Executor, chainId: number, fork: number): Promise<void> {
  await sql`select chain.undo_above(${chainId}, ${fork})`.execute(tx);
  await sql`delete from chain.blocks where chain_id = ${chainId} and number > ${fork}`.execute(tx);
}

/** Names the block that tracked tables record changes for, until `tx` ends. */
export async function changeAs(tx: Executor, chainId: number, block: number): Promise<void> {
  await sql`select set_config('sooth.block', ${`${chainId}:${block}`}, true)`.execute(tx);
}
