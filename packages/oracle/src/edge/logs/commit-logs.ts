import type { oracleAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Executor, notifyLive, rows, sql } from "@sooth/store";
import { batchQuestion, type BatchSignature, batchSignatures } from "../../core/index.ts";
import { otherPosted } from "../commit/store.ts";
import { keepEquivocation } from "../reports.ts";

type Logs = readonly FollowedLog<ArgsOf<typeof oracleAbi, "ReportsCommitted">>[];

/** Batches that a quorum co-signed, whoever posted them; the same may be logged twice. */
export async function onReportsCommitted(tx: Executor, logs: Logs): Promise<void> {
  for (const { args, block, logIndex, transaction } of logs) {
    const question = args.question.toLowerCase() as Hex;
    const chained = args.chained.toLowerCase() as Hex;
    const { round, epoch, seats, signatures } = args;
    await sql`insert into oracle.posted_commits (block, log, question, round, phase, chained, epoch, seats, signatures, at, tx)
      values (${block.number}, ${logIndex}, ${question}, ${round}, ${String(args.phase)}, ${chained}, ${epoch},
        ${String(seats)}, ${signatures}, ${block.timestamp}, ${transaction})`.execute(tx);
    const phase = Number(args.phase);
    const shown = batchSignatures({ epoch, round, phase, chained }, seats, signatures) ?? [];
    await keepTwoBatches(tx, question, shown, block.timestamp);
    await notifyLive(tx, { topic: "question", id: question });
  }
}

/** Who signed another batch of the phase, here or on chain, than the one that is shown: the two signatures prove it. */
async function keepTwoBatches(
  tx: Executor,
  question: Hex,
  shown: readonly BatchSignature[],
  now: number,
): Promise<void> {
  const [first] = shown;
  if (!first) return;
  const { round, epoch, phase, chained } = first;
  const [posted, handed, seats] = await Promise.all([
    otherPosted(tx, { question, round, epoch, phase, chained }),
    rows<{ seat: number; chained: Hex; signature: Hex }>(
      tx,
      sql`select seat, chained, signature from oracle.batch_signatures where question = ${question}
        and round = ${round} and epoch = ${epoch} and phase = ${phase} and chained <> ${chained}`,
    ),
    rows<{ seat: number; signer: Hex }>(
      tx,
      sql`select s.seat, s.signer from oracle.seats s join oracle.questions q on q.domain = s.domain
        where q.id = ${question} and s.epoch = ${epoch}`,
    ),
  ]);
  const others = [
    ...posted.flatMap(
      (batch) => batchSignatures({ ...first, chained: batch.chained }, batch.seats, batch.signatures) ?? [],
    ),
    ...handed,
  ];
  const bound = batchQuestion(question, phase);
  for (const { seat, signature } of shown) {
    const other = others.find((each) => each.seat === seat);
    const signer = seats.find((each) => each.seat === seat)?.signer;
    if (!other || !signer) continue;
    const before = { question: bound, round, epoch, signer, value: 0n, root: other.chained };
    await keepEquivocation(
      tx,
      { ...before, signature: other.signature },
      { value: 0n, root: chained, signature },
      now,
    );
  }
}
