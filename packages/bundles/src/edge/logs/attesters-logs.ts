import type { Hex } from "@sooth/kernel";
import { type Executor, sql } from "@sooth/store";
import { numberToHex } from "viem";
import type { AttestersLogs } from "./record.ts";

type Seated = AttestersLogs<"AttestersSeated">;

/** On the hub's chain sets are read: one that is taken over is current then. */
export async function onAdopted(tx: Executor, logs: Seated): Promise<void> {
  for (const log of logs) await seat(tx, log, sql`${log.block.timestamp}::bigint`);
}

/** Elsewhere the one before names it, and it is no younger than that one: only the hub's day renews it. */
export async function onRotated(tx: Executor, logs: Seated): Promise<void> {
  for (const log of logs) {
    const { chainId, timestamp } = log.block;
    await seat(
      tx,
      log,
      sql`coalesce((select s.renewed_at from bundles.attester_sets s where s.chain_id = ${chainId}
        order by s.epoch desc limit 1), ${timestamp}::bigint)`,
    );
  }
}

async function seat(
  tx: Executor,
  { args, block }: Seated[number],
  renewedAt: ReturnType<typeof sql>,
): Promise<void> {
  const keys: Hex[] = args.seats.map((one) => numberToHex(one >> 96n, { size: 20 }));
  const weights = args.seats.map((one) => String(one & ((1n << 96n) - 1n)));
  await sql`insert into bundles.attester_sets (chain_id, epoch, total_weight, seats, weights, seated_at, renewed_at)
    values (${block.chainId}, ${args.epoch}, ${String(args.totalWeight)}, ${keys}::text[], ${weights}::numeric[],
      ${block.timestamp}, ${renewedAt})`.execute(tx);
}

export async function onRenewed(tx: Executor, logs: AttestersLogs<"AttestersRenewed">): Promise<void> {
  for (const { args, block } of logs)
    await sql`update bundles.attester_sets set renewed_at = ${args.at}
      where chain_id = ${block.chainId} and epoch = ${args.epoch}`.execute(tx);
}
