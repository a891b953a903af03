import { type Executor, sql } from "@sooth/store";
import { numberToHex } from "viem";
import type { AttestersLogs } from "./record.ts";

/** A set may be seated again only to be renewed, which is an event of its own: so each is there once a chain. */
export async function onSeated(tx: Executor, logs: AttestersLogs<"AttestersSeated">): Promise<void> {
  for (const { args, block } of logs) {
    const keys = args.seats.map((seat) => numberToHex(seat >> 96n, { size: 20 }));
    const weights = args.seats.map((seat) => String(seat & ((1n << 96n) - 1n)));
    await sql`insert into bundles.attester_sets (chain_id, epoch, total_weight, seats, weights, seated_at, renewed_at)
      values (${block.chainId}, ${args.epoch}, ${String(args.totalWeight)}, ${keys}::text[], ${weights}::numeric[],
        ${block.timestamp}, ${block.timestamp})
      on conflict (chain_id, epoch) do update set total_weight = excluded.total_weight, seats = excluded.seats,
        weights = excluded.weights, renewed_at = excluded.renewed_at`.execute(tx);
  }
}

export async function onRenewed(tx: Executor, logs: AttestersLogs<"AttestersRenewed">): Promise<void> {
  for (const { args, block } of logs)
    await sql`update bundles.attester_sets set renewed_at = ${block.timestamp}
      where chain_id = ${block.chainId} and epoch = ${args.epoch}`.execute(tx);
}
