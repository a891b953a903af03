import type { attestersAbi, bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, notifyLiveAll, rows, sql } from "@sooth/store";

type Run<A> = readonly FollowedLog<A>[];
export type HubLogs<
  E extends
    | "Opened"
    | "Unopened"
    | "Decided"
    | "ToppedUp"
    | "Shown"
    | "ShareSettled"
    | "Reclaimed"
    | "Paused",
> = Run<ArgsOf<typeof bundleHubAbi, E>>;
export type SettlerLogs<E extends "Receipt" | "Returned" | "NotUndone" | "Skipped" | "Rested" | "Paused"> =
  Run<ArgsOf<typeof settlerAbi, E>>;
export type EscrowLogs<
  E extends "Prepared" | "Finished" | "Receipt" | "TakenBack" | "NotFinished" | "Paused" | "LaneLimitSet",
> = Run<ArgsOf<typeof escrowAbi, E>>;
export type AttestersLogs<E extends "AttestersSeated" | "AttestersRenewed"> = Run<
  ArgsOf<typeof attestersAbi, E>
>;

/** Of a row `b` of `bundles.bundles`: nobody opened it until its deadline. It has no fee, and that counts as given back. */
export const UNOPENED = sql`(b.fee = 0 and b.reclaimed is not null)`;

export const lower = <T extends string>(text: T): T => text.toLowerCase() as T;
export const NOBODY = `0x${"00".repeat(20)}`;

/** Rows with the columns' names as keys, for a table whose columns they are all of. Amounts as text. */
export async function insertRows(
  tx: Executor,
  table: `bundles.${string}`,
  found: readonly object[],
): Promise<void> {
  await sql`insert into ${sql.table(table)}
    select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(found)}::jsonb)`.execute(
    tx,
  );
}

/** Tells those who look at these bundles that something about them changed, each once. */
export const tellBundles = (tx: Executor, ids: readonly string[]): Promise<void> =>
  notifyLiveAll(
    tx,
    [...new Set(ids)].map((id) => ({ topic: "bundle", id })),
  );

/**
 * The same of the bundles with legs at these ordinals. What the hub's rows do not know yet is told of with its opening.
 * Returns those that are being undone.
 */
export async function tellOrdinals(tx: Executor, ordinals: readonly bigint[]): Promise<string[]> {
  const found = await rows<{ id: string; isUndone: boolean }>(
    tx,
    sql`select distinct b.id, b.mode = 'ordered' and b.outcome = 'aborted' as "isUndone" from unnest(${ordinals.map(String)}::numeric[]) as o (ordinal)
      join bundles.bundles b on o.ordinal >= b.base and o.ordinal < b.base + b.legs`,
  );
  await tellBundles(
    tx,
    found.map(({ id }) => id),
  );
  return found.flatMap(({ id, isUndone }) => (isUndone ? id : []));
}

/** Of a chain's pauses only the last counts; it cannot be made longer, and not be begun anew at once. */
export const onPaused =
  (contract: "hub" | "settler" | "escrow") =>
  async (tx: Executor, logs: readonly FollowedLog<{ until: number }>[]): Promise<void> => {
    for (const { args, block } of logs)
      await sql`insert into bundles.pauses (chain_id, contract, until)
        values (${block.chainId}, ${contract}, ${args.until})
        on conflict (chain_id, contract) do update set until = excluded.until`.execute(tx);
  };
