import type { Address, Hex } from "@sooth/kernel";
import { type Executor, notifyLive, one, rows, sql } from "@sooth/store";
import type { OutboxStatus } from "./enqueue.ts";
import type { Fees } from "./fees.ts";
import type { Revert } from "./revert.ts";

export type LaneKey = { chainId: number; account: Address };
export type Queued = {
  id: number;
  key: string;
  to: Address;
  data: Hex;
  value: bigint;
  purpose: string;
  decideAtNonce: number | null;
  priority: number;
  gasLimit: number | null;
  /** It carries other rows' calls: they succeed with it, and are released when it fails. */
  carries: boolean;
};
export type Attempt = Fees & { hash: Hex; raw: Hex; atBlock: number };
/** A row with its newest attempt. */
export type Open = Queued & {
  status: "sent" | "mined" | "failed";
  nonce: number;
  gas: number;
  lostAt: number | null;
  /** Why no node takes it; then all newer attempts only fill its nonce. */
  refused: string | null;
  transaction: Hex | null;
  blockNumber: number | null;
  blockHash: Hex | null;
  attempt: Attempt;
  /** Of all attempts: any of them may be the one that is mined. */
  hashes: Hex[];
};

/** How many rows may be taken: in all, and of those that others do not wait for (priority above 0). */
export type Room = { all: number; lower: number };

/** Whether the row `o` carries others. */
const CARRIES = sql`exists (select 1 from chain.outbox m where m.carrier = o.id)`;

/** Queued rows that may be tried now, by priority and then oldest first. */
export function takeQueued(db: Executor, chainId: number, nonce: number, room: Room): Promise<Queued[]> {
  const may = sql`select id, key, "to", data, value, purpose, decide_at_nonce as "decideAtNonce", priority,
      gas_limit as "gasLimit", ${CARRIES} as carries from chain.outbox o
    where chain_id = ${chainId} and status = 'queued' and carrier is null and coalesce(decide_at_nonce, 0) <= ${nonce}`;
  return rows(
    db,
    sql`(${may} and priority = 0 order by id limit ${room.all})
      union all (${may} and priority > 0 order by priority, id limit ${Math.max(room.lower, 0)})
      order by priority, id limit ${room.all}`,
  );
}

/**
 * Rows of this lane in the given status, by nonce; of the failed ones those that reverted in a block that may still go.
 * `maxFee` and its kin are those of the newest attempt.
 */
export async function openRows(db: Executor, lane: LaneKey, status: Open["status"]): Promise<Open[]> {
  type Flat = Omit<Open, "attempt"> & Attempt;
  const found = await rows<Flat>(
    db,
    sql`select o.id, o.key, o."to", o.data, o.value, o.purpose, o.status, o.nonce, o.gas, o.lost_at as "lostAt",
        o.decide_at_nonce as "decideAtNonce", o.priority, o.gas_limit as "gasLimit", o.refused, ${CARRIES} as carries,
        o.transaction, o.block_number as "blockNumber", o.block_hash as "blockHash",
        a.hash, a.raw, a.max_fee as "maxFee", a.max_priority_fee as "maxPriorityFee", a.at_block as "atBlock",
        (select array_agg(hash) from chain.outbox_attempts where outbox_id = o.id) as hashes
      from chain.outbox o join lateral (
        select * from chain.outbox_attempts where outbox_id = o.id order by max_fee desc limit 1) a on true
      where chain_id = ${lane.chainId} and account = ${lane.account} and status = ${status}::chain.outbox_status
        and (status <> 'failed' or block_hash is not null)
      order by nonce`,
  );
  return found.map((row) => Object.assign(row, { attempt: row }));
}

/** Whether the lane has anything to do at all, without asking the chain. */
export async function laneCounts(
  db: Executor,
  lane: LaneKey,
): Promise<{ queued: number; sent: number; mined: number; reverted: number }> {
  const counts = await one<{ queued: number; sent: number; mined: number; reverted: number }>(
    db,
    sql`select (select count(*) from chain.outbox where chain_id = ${lane.chainId} and status = 'queued'
        and carrier is null) as queued,
      (select count(*) from chain.outbox where chain_id = ${lane.chainId} and account = ${lane.account}
        and status = 'failed' and block_hash is not null) as reverted,
      count(*) filter (where status = 'sent') as sent, count(*) filter (where status = 'mined') as mined
      from chain.outbox where chain_id = ${lane.chainId} and account = ${lane.account} and status in ('sent', 'mined')`,
  );
  return counts ?? { queued: 0, sent: 0, mined: 0, reverted: 0 };
}

/** Binds a queued row to a nonce of this lane. False when another lane took it, or joined it with others. */
export async function bind(
  tx: Executor,
  lane: LaneKey,
  row: Queued,
  signed: { nonce: number; gas: number },
): Promise<boolean> {
  const bound = await one<{ id: number }>(
    tx,
    sql`update chain.outbox set status = 'sent', account = ${lane.account}, nonce = ${signed.nonce},
        gas = ${signed.gas}, lost_at = null, changed_at = now()
      where id = ${row.id} and status = 'queued' and carrier is null returning id`,
  );
  if (bound && row.carries)
    await sql`update chain.outbox set status = 'sent', changed_at = now() where carrier = ${row.id}`.execute(
      tx,
    );
  if (bound) await tell(tx, row, "sent");
  return bound !== undefined;
}

export async function storeAttempt(tx: Executor, id: number, nonce: number, attempt: Attempt): Promise<void> {
  await sql`insert into chain.outbox_attempts (hash, outbox_id, nonce, raw, max_fee, max_priority_fee, at_block)
    values (${attempt.hash}, ${id}, ${nonce}, ${attempt.raw}, ${String(attempt.maxFee)},
      ${String(attempt.maxPriorityFee)}, ${attempt.atBlock}) on conflict (hash) do nothing`.execute(tx);
}

export async function deferUntil(db: Executor, row: Queued, nonce: number): Promise<void> {
  await sql`update chain.outbox set decide_at_nonce = ${nonce} where id = ${row.id} and status = 'queued'`.execute(
    db,
  );
}

/** From here on its nonce is only to be filled. `gas` is what the empty transfer takes. */
export async function markRefused(tx: Executor, row: Open, refused: string, gas: number): Promise<void> {
  await sql`update chain.outbox set refused = ${refused}, gas = ${gas}, changed_at = now() where id = ${row.id}`.execute(
    tx,
  );
}

export async function fail(tx: Executor, row: Queued, revert: Revert, mined?: Mined): Promise<void> {
  await sql`update chain.outbox set status = 'failed', error_name = ${revert.name}, error_data = ${revert.data},
      error_text = ${revert.text}, transaction = ${mined?.hash ?? null}, block_number = ${mined?.blockNumber ?? null},
      block_hash = ${mined?.blockHash ?? null}, changed_at = now()
    where id = ${row.id}`.execute(tx);
  await tell(tx, row, "failed");
}

export type Mined = { hash: Hex; blockNumber: number; blockHash: Hex };

export async function settleAs(
  tx: Executor,
  row: Open,
  status: "mined" | "final",
  mined: Mined,
): Promise<void> {
  await sql`update chain.outbox set status = ${status}::chain.outbox_status, transaction = ${mined.hash}, lost_at = null,
      block_number = ${mined.blockNumber}, block_hash = ${mined.blockHash},
      error_name = null, error_data = null, error_text = null, changed_at = now()
    where id = ${row.id} or carrier = ${row.id}`.execute(tx);
  await tell(tx, row, status);
}

/** It reverted for good: without the hash of its block nobody looks for it on the chain any more. */
export async function settleReverted(tx: Executor, row: Open): Promise<void> {
  await sql`update chain.outbox set block_hash = null, changed_at = now() where id = ${row.id}`.execute(tx);
}

/** Rows mined at nonces that the chain has not used any more: a reorg took their blocks. */
export async function reopenFrom(tx: Executor, lane: LaneKey, nonce: number): Promise<number> {
  const reopened = await rows<Pick<Queued, "id" | "key">>(
    tx,
    sql`update chain.outbox set status = 'sent', transaction = null, block_number = null, block_hash = null,
        error_name = null, error_data = null, error_text = null, changed_at = now()
      where chain_id = ${lane.chainId} and account = ${lane.account} and nonce >= ${nonce}
        and status in ('mined', 'failed') returning id, key`,
  );
  if (reopened.length > 0)
    await sql`update chain.outbox set status = 'sent', transaction = null, block_number = null, block_hash = null,
        changed_at = now() where carrier = any(${reopened.map(({ id }) => id)}::bigint[])`.execute(tx);
  for (const row of reopened) await tell(tx, row, "sent");
  return reopened.length;
}

/** One row whose transaction is no longer where it was mined. */
export async function reopen(tx: Executor, row: Open): Promise<void> {
  await sql`update chain.outbox set status = 'sent', transaction = null, block_number = null, block_hash = null,
      error_name = null, error_data = null, error_text = null, changed_at = now()
    where id = ${row.id} or carrier = ${row.id}`.execute(tx);
  await tell(tx, row, "sent");
}

export async function markLost(db: Executor, row: Open, head: number): Promise<void> {
  await sql`update chain.outbox set lost_at = ${head} where id = ${row.id}`.execute(db);
}

/** Its nonce is gone for good, and none of its transactions was mined or ever can be. */
export async function requeue(tx: Executor, row: Open): Promise<void> {
  await sql`delete from chain.outbox_attempts where outbox_id = ${row.id}`.execute(tx);
  await sql`update chain.outbox set status = 'queued', account = null, nonce = null, gas = null, lost_at = null,
      decide_at_nonce = null, refused = null, changed_at = now()
    where id = ${row.id} or carrier = ${row.id}`.execute(tx);
  await tell(tx, row, "queued");
}

const tell = (
  tx: Executor,
  row: { id: number; key: string },
  status: OutboxStatus["status"],
): Promise<void> => notifyLive(tx, { topic: "relay", id: String(row.id), data: { key: row.key, status } });
