import type { oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, notifyLive, sql } from "@sooth/store";

/** Anybody may log any hash; only who holds what it is of makes anything of it. */
export async function onReportsCommitted(
  tx: Executor,
  logs: readonly FollowedLog<ArgsOf<typeof oracleAbi, "ReportsCommitted">>[],
): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const question = args.question.toLowerCase();
    await sql`insert into oracle.posted_commits (block, log, question, round, phase, chained, at, tx)
      values (${block.number}, ${logIndex}, ${question}, ${args.round}, ${String(args.phase)},
        ${args.chained.toLowerCase()}, ${block.timestamp}, ${transaction})`.execute(tx);
    await notifyLive(tx, { topic: "question", id: question });
  }
}
