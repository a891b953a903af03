import type { FollowedLog } from "@sooth/chain";
import { type Executor, notifyLive, rows, sql } from "@sooth/store";

/** Longer runs are history being caught up with, which nobody watches live. */
const LIVE_RUN = 50;

export const activityId = (log: Pick<FollowedLog, "block" | "logIndex">): string =>
  `${log.block.number}:${log.logIndex}`;

/** Tells those who look at these questions that something happened to them. */
export async function tellQuestions(
  tx: Executor,
  logs: readonly FollowedLog<{ question: string }>[],
): Promise<void> {
  if (logs.length > LIVE_RUN) return;
  for (const log of logs) {
    await notifyLive(tx, { topic: "question", id: log.args.question });
    await notifyLive(tx, { topic: "activity", id: activityId(log), data: { question: log.args.question } });
  }
}

/** The same after what `handle` wrote about providers. */
export const tellingProviders =
  <T>(handle: (tx: Executor, logs: readonly FollowedLog<T>[]) => Promise<void>) =>
  async (tx: Executor, logs: readonly FollowedLog<T>[]): Promise<void> => {
    await handle(tx, logs);
    if (logs.length > LIVE_RUN) return;
    const owners = logs.map(({ args }) => ((args as { owner?: string }).owner ?? "").toLowerCase());
    // A new signer set has no owner: it speaks of all of them.
    for (const id of new Set(owners)) await notifyLive(tx, { topic: "provider", id });
  };

/** The same after what `handle` wrote about feeds. */
export const tellingFeeds =
  <T extends { feed: string }>(handle: (tx: Executor, logs: readonly FollowedLog<T>[]) => Promise<void>) =>
  async (tx: Executor, logs: readonly FollowedLog<T>[]): Promise<void> => {
    await handle(tx, logs);
    if (logs.length > LIVE_RUN) return;
    for (const id of new Set(logs.map(({ args }) => args.feed.toLowerCase())))
      await notifyLive(tx, { topic: "feed", id });
  };

/** The same for logs of the ladder, which name the dispute. */
export async function tellDispute(
  tx: Executor,
  logs: readonly FollowedLog<{ dispute: string }>[],
): Promise<void> {
  if (logs.length > LIVE_RUN) return;
  const found = await rows<{ question: string }>(
    tx,
    sql`select distinct question from oracle.disputes
      where id = any(${logs.map(({ args }) => args.dispute.toLowerCase())}::text[])`,
  );
  for (const { question } of found) await notifyLive(tx, { topic: "question", id: question });
}
