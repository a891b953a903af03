import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { INVALID, type Overturned, statusOf, watcherRecords, type WatcherRecord } from "../../core/index.ts";
import { questionsByIds, type StoredQuestion } from "../questions.ts";

/** The newest of both: more were years of a busy network. */
const MOST = 5_000;

type Row = { watcher: Hex; question: Hex; expected: string; got: string; at: number };

/** What became of everything that watchers handed over here, at `now` by the chain's clock. */
export async function listWatchers(db: Executor, now: number): Promise<WatcherRecord[]> {
  const [found, overturned] = await Promise.all([
    rows<Row>(
      db,
      sql`select facts->>'watcher' as watcher, subject as question, facts->>'expected' as expected, facts->>'got' as got, at
        from oracle.security_events where rule = 'watcher' order by place desc limit ${MOST}`,
    ),
    rows<Overturned>(
      db,
      sql`select question, ended_at as at from oracle.disputes
        where outcome in ('replace', 'reopen', 'invalid') and ended_at is not null
        order by ended_at desc limit ${MOST}`,
    ),
  ]);
  const questions = await questionsByIds(db, [...new Set(found.map(({ question }) => question))]);
  const byId = new Map(questions.map((question) => [question.id, question]));
  const findings = found.flatMap(({ expected, got, ...row }) => {
    const question = byId.get(row.question);
    if (!question) return [];
    const { tolerance } = question.terms;
    return [{ ...row, expected: BigInt(expected), got: BigInt(got), tolerance, ended: endOf(question, now) }];
  });
  return watcherRecords(findings, overturned);
}

/** How a question ended; null while it has not. */
function endOf({ word }: StoredQuestion, now: number): bigint | null {
  const status = statusOf(word, now);
  if (status === "invalid") return INVALID;
  return status === "final" && word.state === "answered" ? word.value : null;
}
