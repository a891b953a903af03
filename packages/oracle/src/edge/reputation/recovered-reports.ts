import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { OracleDomain } from "../../core/index.ts";
import { type LateLog, recoverSigners, type Signers } from "./late-values.ts";

/** A late report as it was logged, and its signers as far as they were recovered. */
export type StoredLate = LateLog & { block: number; log: number; words: string; signers: Signers | null };

const columns = sql`l.block, l.log, l.question, l.epoch, l.round, l.entries,
  md5(l.question || ' ' || l.epoch || ' ' || l.round || ' ' || l.entries) as words, r.signers`;
/** After a reorg another log may stand in its place. */
const recovered = sql`left join oracle.recovered_reports r on r.block = l.block and r.log = l.log
  and r.words = md5(l.question || ' ' || l.epoch || ' ' || l.round || ' ' || l.entries)`;

/** Those logged before finality, by question: afterwards anybody could sign what everybody reads. */
export async function lateLogsOf(
  db: Executor,
  questions: readonly Hex[],
): Promise<Map<string, StoredLate[]>> {
  const found = await rows<StoredLate>(
    db,
    sql`select ${columns} from oracle.late_reports l ${recovered}
      join oracle.questions q on q.id = l.question
      where l.question = any(${questions}::text[]) and l.at < q.finalize_at order by l.block, l.log`,
  );
  return Map.groupBy(found, ({ question }) => question);
}

/**
 * Recovers the signers of at most `most` late reports that count after `since`, and remembers them: done little by little no
 * job recovers those of a year at once.
 * @returns whether there may be more
 */
export async function recoverSome(
  db: Executor,
  chain: OracleDomain,
  { since, most }: { since: number; most: number },
): Promise<boolean> {
  const due = await rows<StoredLate>(
    db,
    sql`select ${columns} from oracle.late_reports l ${recovered}
      join oracle.questions q on q.id = l.question
      where r.block is null and q.state = 'answered' and q.finalize_at > ${since} and l.at < q.finalize_at
      order by l.block, l.log limit ${most}`,
  );
  for (const late of due) await keepSigners(db, late, await recoverSigners(chain, late));
  return due.length === most;
}

const keepSigners = (db: Executor, { block, log, words }: StoredLate, signers: Signers) =>
  sql`insert into oracle.recovered_reports (block, log, words, signers)
    values (${block}, ${log}, ${words}, ${signers}::text[])
    on conflict (block, log) do update set words = excluded.words, signers = excluded.signers`.execute(db);
