import type { BlockRef } from "@sooth/chain";
import { type Executor, rows, sql } from "@sooth/store";
import type { BlockRow } from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";

/** The rule compares with the day before; what is older is of no use. */
const KEPT_SECONDS = 2 * 86_400;

/** Notes the base fee of the block that was just followed: a sample a look is enough for a median. @throws chain.rpc_unreachable */
export async function noteFee(
  { store, hub }: Pick<WorkerDeps, "store" | "hub">,
  head: BlockRef,
): Promise<void> {
  const { baseFeePerGas } = await hub.client.getBlock({ blockNumber: BigInt(head.number) });
  // A chain without base fees has nothing to compare.
  if (baseFeePerGas === null || baseFeePerGas === undefined) return;
  await sql`insert into oracle.block_fees (number, base_fee, at)
    values (${head.number}, ${String(baseFeePerGas)}, ${head.timestamp})
    on conflict (number) do update set base_fee = excluded.base_fee, at = excluded.at`.execute(store.db);
  await sql`delete from oracle.block_fees where at < ${head.timestamp - KEPT_SECONDS}`.execute(store.db);
}

export const feesSince = (db: Executor, since: number): Promise<BlockRow[]> =>
  rows(
    db,
    sql`select number, base_fee as "baseFee", at from oracle.block_fees where at >= ${since} order by at`,
  );
