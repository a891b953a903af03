import type { FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import { OUTCOMES } from "../../core/index.ts";
import { observeCompleted } from "./completions.ts";
import { type EscrowLogs, insertRows, lower, tellBundles } from "./record.ts";

export async function onPrepared(tx: Executor, logs: EscrowLogs<"Prepared">): Promise<void> {
  await insertRows(
    tx,
    "bundles.held",
    logs.map(({ args, block, transaction }) => ({
      chain_id: block.chainId,
      bundle: lower(args.id),
      place: args.index,
      leg: lower(args.leg),
      state: "held",
      failures: 0,
      prepared_at: block.timestamp,
      prepared_tx: transaction,
      block: block.number,
      at: block.timestamp,
      tx: transaction,
    })),
  );
  await tell(tx, logs);
}

export async function onFinished(tx: Executor, logs: EscrowLogs<"Finished">): Promise<void> {
  for (const log of logs)
    await endAs(tx, log, OUTCOMES[log.args.outcome] === "committed" ? "paid" : "given_back");
  await completedBy(tx, logs);
  await tell(tx, logs);
}

export async function onTakenBack(tx: Executor, logs: EscrowLogs<"TakenBack">): Promise<void> {
  for (const log of logs) await endAs(tx, log, "taken_back");
  await completedBy(tx, logs);
  await tell(tx, logs);
}

export async function onNotFinished(tx: Executor, logs: EscrowLogs<"NotFinished">): Promise<void> {
  for (const { args, block } of logs)
    await sql`update bundles.held set failures = failures + 1
      where chain_id = ${block.chainId} and bundle = ${lower(args.id)} and place = ${args.index}`.execute(tx);
  await tell(tx, logs);
}

/** Of each lane the limit that was set last counts; of one to a number that no chain has, none does. */
export async function onLaneLimitSet(tx: Executor, logs: EscrowLogs<"LaneLimitSet">): Promise<void> {
  const known = logs.filter(({ args }) => args.chainId <= BigInt(Number.MAX_SAFE_INTEGER));
  for (const { args, block } of known)
    await sql`insert into bundles.lanes (chain_id, other_id, token, per_hour, strict_until)
      values (${block.chainId}, ${String(args.chainId)}::bigint, ${lower(args.token)}, ${String(args.perHour)}::numeric, ${args.strictUntil})
      on conflict (chain_id, other_id, token)
      do update set per_hour = excluded.per_hour, strict_until = excluded.strict_until`.execute(tx);
}

const endAs = (
  tx: Executor,
  { args, block, transaction }: FollowedLog<{ id: string; index: number }>,
  state: "paid" | "given_back" | "taken_back",
) =>
  sql`update bundles.held set state = ${state}, block = ${block.number}, at = ${block.timestamp}, tx = ${transaction}
    where chain_id = ${block.chainId} and bundle = ${lower(args.id)} and place = ${args.index}`.execute(tx);

const completedBy = (tx: Executor, logs: readonly { args: { id: string } }[]): Promise<void> =>
  observeCompleted(
    tx,
    logs.map(({ args }) => lower(args.id)),
  );

const tell = (tx: Executor, logs: readonly { args: { id: string } }[]): Promise<void> =>
  tellBundles(
    tx,
    logs.map(({ args }) => lower(args.id)),
  );
