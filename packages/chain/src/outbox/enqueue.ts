import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";

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
   * What goes out first, in the order asked for within one: 0 answers, epochs and seeds, which others wait for; 1 what
   * can wait a block; 2 rewards, and what strangers ask for. All but 0 leave places free on the way for 0. 1 when not given.
   */
  priority?: 0 | 1 | 2;
  /** Fails, unsent and with the error `GasTooHigh`, when it needs more gas than this; never pays for more. */
  gasLimit?: bigint;
  /**
   * About the gas that it takes, where the contract has `multicall(bytes[])`: then it may go in one transaction with others of
   * its purpose to that contract, and alone where those fail. For calls only that do no harm when they come twice, which a
   * reorg can bring about. Changes of its status are not told live. No `value` and no `gasLimit` with it.
   */
  joinsGas?: number;
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

/**
 * Asks for many at once, in this order, in the caller's database transaction; a key that is known changes nothing. What may go
 * together does, if it is asked for together.
 */
export async function enqueueTransactions(tx: Executor, requests: readonly OutboxRequest[]): Promise<void> {
  if (requests.length === 0) return;
  const wanted = requests.map((o, n) => ({
    n,
    chain_id: o.chainId,
    key: o.key,
    to: o.to.toLowerCase(),
    data: o.data,
    value: String(o.value ?? 0n),
    purpose: o.purpose,
    priority: o.priority ?? 1,
    gas_limit: o.gasLimit === undefined ? null : String(o.gasLimit),
    joins_gas: o.joinsGas ?? null,
  }));
  await sql`insert into chain.outbox (chain_id, key, "to", data, value, purpose, priority, gas_limit, joins_gas)
    select chain_id, key, "to", data, value, purpose, priority, gas_limit, joins_gas
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as o (n int, chain_id bigint, key text, "to" text, data text,
      value numeric, purpose text, priority smallint, gas_limit bigint, joins_gas bigint)
    order by n on conflict (key) do nothing`.execute(tx);
  for (const chainId of new Set(requests.map((o) => o.chainId)))
    await sql`select pg_notify(${OUTBOX_CHANNEL}, ${String(chainId)})`.execute(tx);
}

/** Asks for one transaction, in the caller's database transaction: it is sent if and only if that commits. */
export async function enqueueTransaction(
  tx: Executor,
  o: OutboxRequest,
): Promise<{ id: string; created: boolean }> {
  const created = await one<{ id: number }>(
    tx,
    sql`insert into chain.outbox (chain_id, key, "to", data, value, purpose, priority, gas_limit, joins_gas)
      values (${o.chainId}, ${o.key}, ${o.to.toLowerCase()}, ${o.data}, ${String(o.value ?? 0n)}, ${o.purpose},
        ${o.priority ?? 1}, ${o.gasLimit === undefined ? null : String(o.gasLimit)}, ${o.joinsGas ?? null})
      on conflict (key) do nothing returning id, pg_notify(${OUTBOX_CHANNEL}, ${String(o.chainId)})`,
  );
  if (created) return { id: String(created.id), created: true };
  const known = await one<{ id: number }>(tx, sql`select id from chain.outbox where key = ${o.key}`);
  return { id: String(known?.id), created: false };
}

/** How far the transaction of this key is; undefined when nobody asked for it. */
export async function transactionStatus(db: Executor, key: string): Promise<OutboxStatus | undefined> {
  return (await transactionStatuses(db, [key])).get(key);
}

/** The same of many, by key: those that nobody asked for are not in it. */
export async function transactionStatuses(
  db: Executor,
  keys: readonly string[],
): Promise<Map<string, OutboxStatus>> {
  const found = await rows<Row>(
    db,
    sql`select id, key, status, block_number, error_name, error_data, error_text, coalesce(transaction, (
        select hash from chain.outbox_attempts a where a.outbox_id = coalesce(o.carrier, o.id)
        order by max_fee desc limit 1)) as hash
      from chain.outbox o where key = any(${[...keys]}::text[])`,
  );
  return new Map(found.map((row) => [row.key, statusOf(row)]));
}

const statusOf = (row: Row): OutboxStatus => ({
  id: String(row.id),
  key: row.key,
  status: row.status,
  transaction: row.hash,
  blockNumber: row.block_number,
  error:
    row.error_name === null
      ? null
      : { name: row.error_name, data: row.error_data, text: row.error_text ?? "" },
});

// What failed without a nonce was never sent, and cost nothing.
const costs = sql`not (status = 'failed' and nonce is null)`;

/** Gas that transactions of one purpose, asked for in the last `seconds`, have bound: until signed, all they may take. */
export async function gasAskedFor(
  db: Executor,
  o: { chainId: number; purpose: string; seconds: number },
): Promise<bigint> {
  const found = await one<{ gas: string }>(
    db,
    sql`select coalesce(sum(coalesce(gas, gas_limit, 0)), 0)::text as gas from chain.outbox
      where chain_id = ${o.chainId} and purpose = ${o.purpose}
        and created_at > now() - make_interval(secs => ${o.seconds}) and ${costs}`,
  );
  return BigInt(found?.gas ?? 0);
}

/** The same of a day, by the hour: of the last one first. */
export async function gasAskedByHour(
  db: Executor,
  o: { chainId: number; purpose: string },
): Promise<bigint[]> {
  const found = await rows<{ ago: number; gas: string }>(
    db,
    sql`select greatest(0, floor(extract(epoch from now() - created_at) / 3600))::int as ago, sum(coalesce(gas, gas_limit, 0))::text as gas
      from chain.outbox where chain_id = ${o.chainId} and purpose = ${o.purpose}
        and created_at > now() - interval '1 day' and ${costs} group by 1`,
  );
  return Array.from({ length: 24 }, (_, hour) => BigInt(found.find(({ ago }) => ago === hour)?.gas ?? 0));
}

/** Who sent last on a chain, and will most likely send next; null where nobody has yet. */
export async function lastSender(db: Executor, chainId: number): Promise<Address | null> {
  const found = await one<{ account: Address }>(
    db,
    sql`select account from chain.outbox where chain_id = ${chainId} and account is not null order by id desc limit 1`,
  );
  return found?.account ?? null;
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
