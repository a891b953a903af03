import { type Address, type Hex, need } from "@sooth/kernel";
import { type Executor, one, rows, type Store, sql } from "@sooth/store";
import { encodeFunctionData, parseAbi, size } from "viem";
import { OUTBOX_CHANNEL } from "./enqueue.ts";
import { laneJoined, laneSplit } from "./metrics.ts";
import type { Revert } from "./revert.ts";
import { fail, type Mined, type Queued } from "./rows.ts";

/** A row that waits, and may go in one transaction with others to the same contract. */
export type Joinable = {
  id: number;
  to: Address;
  data: Hex;
  purpose: string;
  priority: number;
  joinsGas: number;
};
/** What the calls of one transaction may come to. */
export type JoinBounds = { gas: number; bytes: number };

/** Nodes keep no transaction above 128 KiB in their pools; half of that leaves room for offsets and lengths. */
export const JOINED_BYTES = 64 * 1024;
/** Rows looked at in one round; the others join in the next. */
const LIMIT = 5_000;

const multicallAbi = parseAbi(["function multicall(bytes[] data) payable returns (bytes[])"]);

/**
 * Puts waiting calls of one contract and purpose into as few transactions as `bounds` allow, in the order asked for. What is
 * left by itself travels alone.
 */
export async function joinQueued(
  store: Store,
  chain: { id: number; name: string },
  bounds: JoinBounds,
): Promise<void> {
  await store.transaction(async (tx) => {
    const waiting = await rows<Joinable>(
      tx,
      // Rows that another account's lane joins just now are its own.
      sql`select id, "to", data, purpose, priority, joins_gas as "joinsGas" from chain.outbox
        where chain_id = ${chain.id} and status = 'queued' and joins_gas is not null and carrier is null
        order by id limit ${LIMIT} for update skip locked`,
    );
    for (const calls of planJoined(waiting, bounds)) {
      await carry(tx, chain.id, calls);
      laneJoined.inc({ chain: chain.name, purpose: calls[0].purpose }, calls.length);
    }
  });
}

/** Which of these rows go together: two at least. */
export function planJoined<Row extends Joinable>(
  waiting: readonly Row[],
  bounds: JoinBounds,
): [Row, ...Row[]][] {
  const groups = Map.groupBy(waiting, ({ to, purpose, priority }) => `${to} ${priority} ${purpose}`);
  return [...groups.values()]
    .flatMap((group) => packed(group, bounds))
    .flatMap(([first, ...others]) =>
      first && others.length > 0 ? [[first, ...others] as [Row, ...Row[]]] : [],
    );
}

function packed<Row extends Joinable>(group: readonly Row[], bounds: JoinBounds): Row[][] {
  const all: Row[][] = [];
  let [gas, bytes] = [Infinity, Infinity];
  for (const row of group) {
    const length = size(row.data);
    if (gas + row.joinsGas > bounds.gas || bytes + length > bounds.bytes) {
      all.push([]);
      [gas, bytes] = [0, 0];
    }
    all.at(-1)?.push(row);
    gas += row.joinsGas;
    bytes += length;
  }
  return all;
}

/** One row whose transaction makes all of these calls, or none. */
async function carry(tx: Executor, chainId: number, calls: [Joinable, ...Joinable[]]): Promise<void> {
  const [{ id, to, purpose, priority }] = calls;
  const data = encodeFunctionData({
    abi: multicallAbi,
    functionName: "multicall",
    args: [calls.map((call) => call.data)],
  });
  const carrier = await one<{ id: number }>(
    tx,
    // A row is first of ever fewer: what failed together is halved.
    sql`insert into chain.outbox (chain_id, key, "to", data, purpose, priority)
      values (${chainId}, ${`joined:${id}:${calls.length}`}, ${to}, ${data}, ${purpose}, ${priority}) returning id`,
  );
  await sql`update chain.outbox set carrier = ${need(carrier, "a new row").id}
    where id = any(${calls.map((call) => call.id)}::bigint[])`.execute(tx);
}

/** Says why a transaction will not be mined, or reverted. Calls that it carried go on in halves, and at last alone. */
export async function failAndRelease(
  tx: Executor,
  chain: { id: number; name: string },
  row: Queued,
  why: { revert: Revert; mined?: Mined },
): Promise<void> {
  await fail(tx, row, why.revert, why.mined);
  if (row.carries) await release(tx, chain, row);
}

async function release(
  tx: Executor,
  chain: { id: number; name: string },
  { id, purpose }: Queued,
): Promise<void> {
  const calls = await rows<Joinable>(
    tx,
    sql`update chain.outbox set carrier = null, status = 'queued', transaction = null, block_number = null,
        block_hash = null, changed_at = now() where carrier = ${id}
      returning id, "to", data, purpose, priority, joins_gas as "joinsGas"`,
  );
  calls.sort((a, b) => a.id - b.id);
  const middle = Math.ceil(calls.length / 2);
  for (const [first, ...others] of [calls.slice(0, middle), calls.slice(middle)]) {
    if (!first) continue;
    if (others.length > 0) await carry(tx, chain.id, [first, ...others]);
    else await sql`update chain.outbox set joins_gas = null where id = ${first.id}`.execute(tx);
  }
  await sql`select pg_notify(${OUTBOX_CHANNEL}, ${String(chain.id)})`.execute(tx);
  laneSplit.inc({ chain: chain.name, purpose });
}
