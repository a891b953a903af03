import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { notifyLive, one, sql } from "@sooth/store";
import type { EngineRecord } from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";
import { sendIn, type Wanted } from "../send.ts";

const recorded = counter("oracle_attempts_total", "What this server tried to bring an answer about", [
  "kind",
  "state",
]);

/** Writes a decision down once a block, with the transaction that it asks for. */
export async function record(
  deps: WorkerDeps,
  question: Hex,
  { round, kind, state, reason, at, block }: EngineRecord,
  wanted: Wanted | null,
): Promise<void> {
  const isNew = await deps.store.transaction(async (tx) => {
    const kept = await one(
      tx,
      sql`insert into oracle.attempts (question, round, kind, block, state, reason, at)
        values (${question}, ${round}, ${kind}, ${block}, ${state}, ${reason}, ${at})
        on conflict do nothing returning question`,
    );
    if (wanted) await sendIn(tx, deps, wanted);
    if (kept) await notifyLive(tx, { topic: "question", id: question });
    return kept !== undefined;
  });
  if (isNew) recorded.inc({ kind, state });
}
