import type { Hex } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";

/** Why and by whom a question's answer was put off, and to when. Unix seconds. */
export type StoredVeto = {
  watcher: Hex;
  finalizeAt: number;
  at: number;
  transaction: Hex;
  /** `text` is null where it was never handed over here, or was erased. */
  reason: { hash: Hex; text: string | null } | null;
};

type Row = Omit<StoredVeto, "reason"> & { reason: Hex | null; text: string | null };

export async function vetoOf(db: Executor, question: string): Promise<StoredVeto | null> {
  const row = await one<Row>(
    db,
    sql`select v.watcher, v.finalize_at as "finalizeAt", v.at, v.tx as transaction, v.reason,
      (select r.text from oracle.reasons r where r.hash = v.reason) as text
      from oracle.vetoes v where v.question = ${question.toLowerCase()}`,
  );
  if (!row) return null;
  const { reason, text, ...veto } = row;
  return { ...veto, reason: reason === null ? null : { hash: reason, text } };
}
