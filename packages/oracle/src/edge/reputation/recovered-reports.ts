import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { OracleDomain } from "../../core/index.ts";
import { type LateLog, recoverSigners, type Signers } from "./late-values.ts";

/** A late report as it was logged, and its signers as far as they were recovered. */
export type StoredLate = LateLog & { block: number; log: number; words: string; signers: Signers | null };

/** What was logged, short. After a reorg another log may stand in its place. */
const words = sql`md5(l.question || ' ' || l.epoch || ' ' || l.round || ' ' || l.entries)`;
const columns = sql`l.block, l.log, l.question, l.epoch, l.round, l.entries, ${words} as words, r.signers`;
const recovered = sql`left join oracle.recovered_reports r on r.block = l.block and r.log = l.log
  and r.words = ${words}`;

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

/** Characters of one report among the entries of a log; entries of another length hold none. */
const ENTRY_CHARACTERS = 154;

/**
 * Recovers the signers of about `most` late reports that count after `since`, and remembers them: done little by little no
 * job recovers those of a year at once. Anybody may log any bytes, so reports are counted and not logs, of which one is taken
 * at least; and what was logged for another epoch or round than the answer's is nobody's late report. What counts no
 * more is forgotten when nothing waits.
 * @returns whether there are more
 */
export async function recoverSome(
  db: Executor,
  chain: OracleDomain,
  { since, most }: { since: number; most: number },
): Promise<boolean> {
  const due = await rows<StoredLate & { waiting: number }>(
    db,
    sql`with waiting as (
        select l.block, l.log,
          case when (octet_length(l.entries) - 2) % ${ENTRY_CHARACTERS} = 0 then octet_length(l.entries) - 2 else 0 end as size
        from oracle.late_reports l ${recovered}
        join oracle.questions q on q.id = l.question
        join oracle.signed_answers s on s.question = l.question and s.epoch = l.epoch and s.round = l.round
        where r.block is null and q.state = 'answered' and q.finalize_at > ${since} and l.at < q.finalize_at
        order by l.block, l.log limit ${most} + 1),
      placed as (select block, log, sum(size) over (order by block, log) - size as before from waiting)
      select ${columns}, (select count(*)::int from waiting) as waiting
      from placed p join oracle.late_reports l on l.block = p.block and l.log = p.log ${recovered}
      where p.before < ${most * ENTRY_CHARACTERS} order by l.block, l.log limit ${most}`,
  );
  for (const late of due) await keepSigners(db, late, recoverSigners(chain, late));
  if ((due[0]?.waiting ?? 0) > due.length) return true;
  await sql`delete from oracle.recovered_reports r using oracle.late_reports l, oracle.questions q
    where l.block = r.block and l.log = r.log and q.id = l.question and q.finalize_at <= ${since}`.execute(
    db,
  );
  return false;
}

const keepSigners = (db: Executor, { block, log, words }: StoredLate, signers: Signers) =>
  sql`insert into oracle.recovered_reports (block, log, words, signers)
    values (${block}, ${log}, ${words}, ${signers}::text[])
    on conflict (block, log) do update set words = excluded.words, signers = excluded.signers`.execute(db);
