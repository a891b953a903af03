import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";

/** Where a lane hears, by its chain's id, that something was put into the outbox. */
export const OUTBOX_CHANNEL = "sooth_outbox";

export type OutboxRequest = {
  chainId: number;
  /** Names the effect: a second request with the same key is the first one. */
  key: string;
  to: Address;
  data: Hex;
  /** Native coin to send along, in wei. */
  value?: bigint;
  /** One word for metrics, such as "claim". */
  purpose: string;
  /**
   * What goes out first, in the order asked for within one: 0 answers, epochs and rewards, which others wait for; 1 what
   * can wait a block; 2 what strangers ask for. All but 0 leave places free on the way for 0. 1 when not given.
   */
  priority?: 0 | 1 | 2;
  /** Fails, unsent and with the error `GasTooHigh`, when it needs more gas than this; never pays for more. */
  gasLimit?: bigint;
};

/**
 * "queued": waits for its lane. "sent": signed, and given to the chain. "mined": in a block that may still go.
 * "final": for good. "failed": it reverts, needs too much gas or no node takes it, so that it will not be sent again;
 * `error` says why.
 */
export type OutboxStatus = {
  id: string;
  key: string;
  status: "queued" | "sent" | "mined" | "final" | "failed";
  /** Hash of the transaction that was mined, else of the newest one sent; null while queued. */
  transaction: Hex | null;
  blockNumber: number | null;
  /** `name` is the contract's error, with its data as it came, or `GasTooHigh` or `RefusedByNode`; null unless failed. */
  error: { name: string; data: Hex | null; text: string } | null;
};

/** Asks for one transaction, in the caller's database transaction: it is sent if and only if that commits. */
export async function enqueueTransaction(
  tx: Executor,
  o: OutboxRequest,
): Promise<{ id: string; created: boolean }> {
  const created = await one<{ id: number }>(
    tx,
    sql`insert into chain.outbox (chain_id, key, "to", data, value, purpose, priority, gas_limit)
      values (${o.chainId}, ${o.key}, ${o.to.toLowerCase()}, ${o.data}, ${String(o.value ?? 0n)}, ${o.purpose},
        ${o.priority ?? 1}, ${o.gasLimit === undefined ? null : String(o.gasLimit)})
      on conflict (key) do nothing returning id, pg_notify(${OUTBOX_CHANNEL}, ${String(o.chainId)})`,
  );
  if (created) return { id: String(created.id), created: true };
  const known = await one<{ id: number }>(tx, sql`select id from chain.outbox where key = ${o.key}`);
  return { id: String(known?.id), created: false };
}

/** How far the transaction of this key is; undefined when nobody asked for it. */
export async function transactionStatus(db: Executor, key: string): Promise<OutboxStatus | undefined> {
  const row = await one<Row>(
    db,
    sql`select id, key, status, block_number, error_name, error_data, error_text, coalesce(transaction, (
        select hash from chain.outbox_attempts a where a.outbox_id = o.id order by max_fee desc limit 1)) as hash
      from chain.outbox o where key = ${key}`,
  );
  if (!row) return undefined;
  return {
    id: String(row.id),
    key: row.key,
    status: row.status,
    transaction: row.hash,
    blockNumber: row.block_number,
    error:
      row.error_name === null
        ? null
        : { name: row.error_name, data: row.error_data, text: row.error_text ?? "" },
  };
}

/** Gas that transactions of one purpose, asked for in the last `seconds`, have bound: until signed, all they may take. */
export async function gasAskedFor(
  db: Executor,
  o: { chainId: number; purpose: string; seconds: number },
): Promise<bigint> {
  const found = await one<{ gas: string }>(
    db,
    // What failed without a nonce was never sent, and cost nothing.
    sql`select coalesce(sum(coalesce(gas, gas_limit, 0)), 0)::text as gas from chain.outbox
      where chain_id = ${o.chainId} and purpose = ${o.purpose}
        and created_at > now() - make_interval(secs => ${o.seconds}) and not (status = 'failed' and nonce is null)`,
  );
  return BigInt(found?.gas ?? 0);
}

type Row = {
  id: number;
  key: string;
  status: OutboxStatus["status"];
  hash: Hex | null;
  block_number: number | null;
  error_name: string | null;
  error_data: Hex | null;
  error_text: string | null;
};
