import type { FollowedLog } from "@sooth/chain";
import { counter } from "@sooth/runtime";
import { type Executor, sql } from "@sooth/store";
import { LEG_STATUSES, WAITS } from "../../core/index.ts";
import { observeCompleted } from "./completions.ts";
import { type EscrowLogs, insertRows, lower, type SettlerLogs, tellOrdinals } from "./record.ts";

const settled = counter(
  "bundles_legs_settled_total",
  "Receipts of legs by chain and status; a reorg counts again",
  ["chain", "status"],
);
export type LegWait = (typeof WAITS)[number];

/** Receipts of the settler, or of the escrow: the bundle's mode says which of them speaks of its legs. */
export const onReceipt =
  (by: "settler" | "escrow") =>
  async (tx: Executor, logs: SettlerLogs<"Receipt"> | EscrowLogs<"Receipt">): Promise<void> => {
    await insertRows(
      tx,
      "bundles.receipts",
      logs.map(({ args, block, logIndex, transaction }) => {
        const status = LEG_STATUSES[args.status] ?? "none";
        settled.inc({ chain: String(block.chainId), status });
        return {
          chain_id: block.chainId,
          ordinal: String(args.ordinal),
          by,
          status,
          result: lower(args.result),
          relayer: lower(args.relayer),
          block: block.number,
          log: logIndex,
          at: block.timestamp,
          tx: transaction,
        };
      }),
    );
    const undone = await tellOrdinals(
      tx,
      logs.map(({ args }) => args.ordinal),
    );
    if (by === "settler") await observeCompleted(tx, undone);
  };

export async function onReturned(tx: Executor, logs: SettlerLogs<"Returned">): Promise<void> {
  await insertRows(
    tx,
    "bundles.returned",
    logs.map(({ args, block }) => ({
      chain_id: block.chainId,
      ordinal: String(args.ordinal),
      data: args.data,
    })),
  );
}

export const onNotUndone = (tx: Executor, logs: SettlerLogs<"NotUndone">): Promise<void> =>
  countTries(tx, logs, () => ({ failures: 1, skips: 0, wait: null }));

export const onSkipped = (tx: Executor, logs: SettlerLogs<"Skipped">): Promise<void> =>
  countTries(tx, logs, ({ args }) => ({ failures: 0, skips: 1, wait: WAITS[args.why] ?? null }));

type Try = { failures: number; skips: number; wait: LegWait | null };

async function countTries<A extends { ordinal: bigint }>(
  tx: Executor,
  logs: readonly FollowedLog<A>[],
  tryOf: (log: FollowedLog<A>) => Try,
): Promise<void> {
  // One by one: a leg may stand in a run twice, and what is said last counts.
  for (const log of logs) {
    const { args, block, transaction } = log;
    const { failures, skips, wait } = tryOf(log);
    await sql`insert into bundles.tries as t (chain_id, ordinal, failures, skips, wait, at, tx)
      values (${block.chainId}, ${String(args.ordinal)}, ${failures}, ${skips}, ${wait}, ${block.timestamp}, ${transaction})
      on conflict (chain_id, ordinal) do update set failures = t.failures + excluded.failures,
        skips = t.skips + excluded.skips, wait = excluded.wait, at = excluded.at, tx = excluded.tx`.execute(
      tx,
    );
  }
  await tellOrdinals(
    tx,
    logs.map(({ args }) => args.ordinal),
  );
}

export async function onRested(tx: Executor, logs: SettlerLogs<"Rested">): Promise<void> {
  for (const { args, block } of logs)
    await sql`insert into bundles.rests (chain_id, target, until)
      values (${block.chainId}, ${lower(args.target)}, ${args.until})
      on conflict (chain_id, target) do update set until = excluded.until`.execute(tx);
}
