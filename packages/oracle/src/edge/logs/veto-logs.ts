import type { oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import { zeroAddress, zeroHash } from "viem";
import { reasonWasUsed } from "../reasons.ts";
import { tellQuestions } from "./live.ts";

type Logs<E extends "WatcherSet" | "Vetoed"> = readonly FollowedLog<ArgsOf<typeof oracleAbi, E>>[];

const lower = <T extends string>(text: T): T => text.toLowerCase() as T;

// Few questions have a watcher, and fewer are vetoed: written one by one, in their order.

export async function onWatcherSet(tx: Executor, logs: Logs<"WatcherSet">): Promise<void> {
  for (const { args } of logs) {
    const watcher = args.watcher === zeroAddress ? null : lower(args.watcher);
    await sql`update oracle.questions set watcher = ${watcher} where id = ${lower(args.question)}`.execute(
      tx,
    );
  }
  await tellQuestions(tx, logs);
}

/** The answer stays, and is final later; who vetoed watches no more. */
export async function onVetoed(tx: Executor, logs: Logs<"Vetoed">): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const [question, reason] = [lower(args.question), args.reason === zeroHash ? null : lower(args.reason)];
    await sql`insert into oracle.vetoes (question, watcher, finalize_at, reason, at, block, log, tx)
      values (${question}, ${lower(args.watcher)}, ${args.finalizeAt}, ${reason}, ${block.timestamp}, ${block.number},
        ${logIndex}, ${transaction})`.execute(tx);
    await sql`update oracle.questions set finalize_at = ${args.finalizeAt}, watcher = null where id = ${question}`.execute(
      tx,
    );
    if (reason !== null) await reasonWasUsed(tx, reason);
  }
  await tellQuestions(tx, logs);
}
