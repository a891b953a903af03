import type { marketsAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, notifyLiveAll, rows, sql } from "@sooth/store";

export type Logs<E extends "Opened" | "Staked" | "Claimed" | "FeeCollected"> = readonly FollowedLog<
  ArgsOf<typeof marketsAbi, E>
>[];

export const lower = <T extends string>(text: T): T => text.toLowerCase() as T;

export type Happened = {
  kind: "opened" | "staked" | "claimed" | "fee";
  log: Pick<FollowedLog, "block" | "logIndex" | "transaction">;
  market: string;
  question: string;
  who: string;
  outcome: number | null;
  amount: bigint | null;
  stakeNo: number | null;
};

/** Of longer runs nobody reads each line as it comes: they are history being caught up with, or batches of claims. */
const LIVE_RUN = 50;

/** Writes what happened, and tells those who are looking. */
export async function record(tx: Executor, happened: readonly Happened[]): Promise<void> {
  await sql`
    insert into markets.activity (block, log, kind, at, tx, market, question, who, outcome, amount, stake_no)
    select * from unnest(
      ${happened.map(({ log }) => log.block.number)}::bigint[],
      ${happened.map(({ log }) => log.logIndex)}::int[],
      ${happened.map(({ kind }) => kind)}::text[],
      ${happened.map(({ log }) => log.block.timestamp)}::bigint[],
      ${happened.map(({ log }) => log.transaction)}::text[],
      ${happened.map(({ market }) => market)}::text[],
      ${happened.map(({ question }) => question)}::text[],
      ${happened.map(({ who }) => who)}::text[],
      ${happened.map(({ outcome }) => outcome)}::int[],
      ${happened.map(({ amount }) => (amount === null ? null : String(amount)))}::numeric[],
      ${happened.map(({ stakeNo }) => stakeNo)}::int[])`.execute(tx);
  await tellHappened(tx, happened);
}

/** Tells those who look on what happened, line by line where they are few, and that these markets changed. */
export async function tellHappened(
  tx: Executor,
  happened: readonly Pick<Happened, "log" | "market">[],
): Promise<void> {
  if (happened.length <= LIVE_RUN)
    await notifyLiveAll(
      tx,
      happened.map(({ log, market }) => ({
        topic: "activity",
        id: `${log.block.number}:${log.logIndex}`,
        data: { market },
      })),
    );
  // Always: answers are held until their market is told of.
  await tellMarkets(
    tx,
    happened.map(({ market }) => market),
  );
}

/** Tells those who look at these markets that something about them changed, each once. */
export const tellMarkets = (tx: Executor, markets: readonly string[]): Promise<void> =>
  notifyLiveAll(
    tx,
    [...new Set(markets)].map((id) => ({ topic: "market", id })),
  );

/** The questions that these markets rest on. */
export async function questionOf(tx: Executor, markets: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; question: string }>(
    tx,
    sql`select id, question from markets.markets where id = any(${markets}::text[])`,
  );
  return new Map(found.map(({ id, question }) => [id, question]));
}
