import type { Address } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { LogHandlers } from "../logs.ts";

/** A contract whose logs are in the tables up to `through` only, which is below the cursor. */
export type History = { address: Address; through: number };

const addressesOf = (handlers: readonly LogHandlers[]): Address[] => [
  ...new Set(
    handlers.flatMap(({ address, ownTables }) => (ownTables ? [address.toLowerCase() as Address] : [])),
  ),
];

/**
 * Notes which of the contracts with tables of their own are read since when, and returns those that lag. Call it with the cursor
 * held. One that a database saw for the first time when its cursor stood further on is read from `fromBlock` on.
 */
export async function openHistories(
  tx: Executor,
  chain: { id: number; fromBlock: number; cursor: number },
  handlers: readonly LogHandlers[],
): Promise<History[]> {
  const addresses = addressesOf(handlers);
  const first = chain.fromBlock - 1;
  await sql`insert into chain.histories (chain_id, address, through)
    select ${chain.id}, address, ${chain.cursor > first ? first : null}::bigint from unnest(${addresses}::text[]) as address
    on conflict do nothing`.execute(tx);
  return rows<History>(
    tx,
    sql`select address, through from chain.histories
      where chain_id = ${chain.id} and address = any(${addresses}::text[]) and through is not null order by address`,
  );
}

/**
 * The range was written: as far as the cursor it is the end of a history, from where the contract goes along with the others. False
 * where somebody else wrote it meanwhile.
 */
export async function moveHistory(
  tx: Executor,
  chain: { id: number; cursor: number },
  { address, from, to }: { address: Address; from: number; to: number },
): Promise<boolean> {
  const moved = await rows(
    tx,
    sql`update chain.histories set through = ${to >= chain.cursor ? null : to}::bigint
      where chain_id = ${chain.id} and address = ${address} and through = ${from - 1} returning 1`,
  );
  return moved.length === 1;
}

/** Blocks above `fork` were taken back, where the cursor is now: who had read further is as far as the cursor. */
export async function cutHistories(tx: Executor, chainId: number, fork: number): Promise<void> {
  await sql`update chain.histories set through = null
    where chain_id = ${chainId} and through >= ${fork}`.execute(tx);
}

/**
 * How far the logs of a contract with tables of its own were read, where that is not yet as far as the cursor; undefined once its
 * tables are of the cursor's block like all others.
 */
export const historyOf = async (
  db: Executor,
  chainId: number,
  address: Address,
): Promise<number | undefined> =>
  (
    await one<{ through: number }>(
      db,
      sql`select through from chain.histories
        where chain_id = ${chainId} and address = ${address.toLowerCase()} and through is not null`,
    )
  )?.through;
