import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { labelOf, type QuestionSchema } from "../core/index.ts";
import { openJuries } from "./juries.ts";

/** Something that became of a question, for whoever follows it. `at` is the block's time. */
export type QuestionNews = {
  id: string;
  kind: "answered" | "disputed" | "reopened";
  at: number;
  question: Hex;
  asker: Hex;
  title: string;
  /** The answer; null of what has none now. */
  label: string | null;
};
/** News strictly before this one, newest first; of the same second by their ids. */
export type NewsPlace = { at: number; id: string };
export type NewsFilter = {
  /** What became of all that he asked, if that is wanted, */
  asker: string;
  own: boolean;
  /** and of these, asked by others, as far as it is of these kinds. */
  questions: readonly string[];
  kinds: readonly QuestionNews["kind"][];
  before?: NewsPlace | undefined;
  /** Strictly later than that. */
  since?: number | undefined;
  limit: number;
};

type Row = Omit<QuestionNews, "label" | "title"> & { schema: QuestionSchema; value: bigint | null };

/** What became of somebody's questions, and of those that he follows, latest first. */
export async function questionNews(db: Executor, filter: NewsFilter): Promise<QuestionNews[]> {
  const { own, questions, kinds, before, since = 0, limit } = filter;
  const asker = filter.asker.toLowerCase();
  const found = await rows<Row>(
    db,
    sql`with mine as (select id, asker, schema, state, value, answered_at, answered_block, answered_log from oracle.questions
        where asker = ${asker} or id = any(${questions}::text[])),
      news as (
        select 'answered:' || answered_block || ':' || answered_log as id, 'answered' as kind, answered_at as at,
            id as question, asker, schema, value
          from mine where state = 'answered' and answered_at is not null
        union all
        select 'disputed:' || d.id, 'disputed', d.at, mine.id, asker, schema, null
          from oracle.disputes d join mine on mine.id = d.question
        union all
        select 'reopened:' || o.block || ':' || o.log, 'reopened', o.at, mine.id, asker, schema, null
          from oracle.reopenings o join mine on mine.id = o.question)
      select * from news where at > ${since}
        and case when asker = ${asker} then ${own}::boolean else kind = any(${kinds}::text[]) end
        and ${before === undefined ? sql`true` : sql`(at, id collate "C") < (${before.at}, ${before.id})`}
      order by at desc, id collate "C" desc limit ${limit}`,
  );
  return found.map(({ schema, value, ...row }) =>
    Object.assign(row, { title: schema.text, label: value === null ? null : labelOf(value, schema) }),
  );
}

export type JurySeat = { jury: Hex; question: Hex | null; at: number };

/**
 * Juries that are not closed and hold a seat for a provider of this wallet, be it his owner's or his signing key's. He was drawn by
 * the key that he named when the jurors were taken, which may be an older one.
 */
export async function jurySeatsOf(db: Executor, wallet: string): Promise<JurySeat[]> {
  const his = wallet.toLowerCase();
  const keys = await rows<{ signer: Hex }>(
    db,
    sql`select named.signer from oracle.providers p join oracle.signers named on named.owner = p.owner
      where p.owner in (${his}, (select s.owner from oracle.signers s where s.signer = ${his}))
        and (p.owner = ${his} or p.signer = ${his})`,
  );
  const signers = new Set(keys.map(({ signer }) => signer));
  // Nobody else is ever drawn: reading the juries is saved for those who may be.
  if (signers.size === 0) return [];
  const drawn: Hex[] = [];
  for await (const { id, seats, jurors } of openJuries(db))
    if (seats?.some((juror) => signers.has(jurors[juror]?.signer ?? "0x"))) drawn.push(id);
  // A jury's own clock stands still while the court is paused; this is the block's.
  return rows<JurySeat>(
    db,
    sql`select j.id as jury, d.question, j.at from oracle.juries j left join oracle.disputes d on d.id = j.dispute
      where j.id = any(${drawn}::text[])`,
  );
}
