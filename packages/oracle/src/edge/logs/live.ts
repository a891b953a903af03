import type { FollowedLog } from "@sooth/chain";
import { type Executor, notifyLive } from "@sooth/store";

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
