import { AppError } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type Decimal,
  familyOf,
  INVALID,
  isSentinel,
  kindOf,
  parseDecimal,
  type QuestionSchema,
  readEvidence,
  type SaidQuestion,
  type SaidRow,
  TOO_EARLY,
} from "../../core/index.ts";

/** What language models said of questions, and what people said of the same, read from the tables. */

const DAY = 86_400;
/** Questions looked at in one run: the last that were answered, that ended, and of each model that it spoke on. The newest count. */
const ANSWERED = 2_000;
const ENDED = 500;
const OF_EACH = 200;
const MOST_QUESTIONS = 500;
/** Whose evidence is held in memory at once: 32 bodies each, of up to 64 kB. */
const QUESTIONS_AT_ONCE = 20;

type Candidate = SaidQuestion & { round: number; schema: QuestionSchema; min: bigint; max: bigint };
type Row = Omit<SaidRow, "model"> & { kinds: number; body: string | null };

/**
 * Questions that were answered within a day, or that nobody may answer any more since, and of which a model told: a provider who
 * answers by one, or a source that is one. What everybody said last in the round.
 */
export async function modelsSaid(
  db: Executor,
  now: number,
): Promise<{ questions: SaidQuestion[]; said: SaidRow[] }> {
  const candidates = await rows<Candidate>(
    db,
    sql`with models as (select s.signer from oracle.signers s join oracle.providers p on p.owner = s.owner
          where (p.kinds >> 16) & 255 <> 0),
      recent as (
        (select id from oracle.questions where state = 'answered' order by answered_block desc, answered_log desc limit ${ANSWERED})
        union (select id from oracle.questions where state = 'open' and deadline <= ${now} and deadline > ${now - DAY}
          order by deadline desc limit ${ENDED})
        union (select said.question from models cross join lateral (select r.question from oracle.reports r
          where r.signer = models.signer and r.received_at > ${now - DAY} order by r.received_at desc limit ${OF_EACH}) said))
      select q.id as question, q.aggregation = 'plurality' as counted, q.tolerance, q.round, q.schema,
        q.min_value as min, q.max_value as max, coalesce(q.answered_at, q.deadline) as at, e.total_weight as "totalWeight"
      from recent join oracle.questions q on q.id = recent.id
      cross join lateral (select total_weight from oracle.epochs e where e.domain = q.domain
        and e.epoch = coalesce(q.epoch, e.epoch) order by e.epoch desc limit 1) e
      where q.aggregation <> 'root' and q.deadline > ${now - DAY}
        and case when q.state = 'open' then q.deadline <= ${now} else q.answered_at > ${now - DAY} end
        and (q.schema @> '{"sources":[{"type":"witness"}]}' or q.schema @> '{"secondary":[{"type":"witness"}]}' or exists (
          select from oracle.reports r join models on models.signer = r.signer
          where r.question = q.id and r.round = q.round))
      order by at desc limit ${MOST_QUESTIONS}`,
  );
  const said: SaidRow[] = [];
  for (let from = 0; from < candidates.length; from += QUESTIONS_AT_ONCE)
    said.push(...(await saidOn(db, candidates.slice(from, from + QUESTIONS_AT_ONCE))));
  return { questions: candidates, said };
}

/** What everybody said last on each of `candidates`. */
async function saidOn(db: Executor, candidates: readonly Candidate[]): Promise<SaidRow[]> {
  const reports = await rows<Row>(
    db,
    sql`select distinct on (r.question, r.signer) r.question, coalesce(s.owner, r.signer) as provider, r.value, r.weight,
        coalesce(p.kinds, 0) as kinds, case when e.body like '%"type":"witness"%' then e.body end as body
      from unnest(${candidates.map(({ question }) => question)}::text[], ${candidates.map(({ round }) => round)}::int[])
        as looked (question, round)
      join oracle.reports r on r.question = looked.question and r.round = looked.round
      left join oracle.evidence e on e.hash = r.evidence
      left join oracle.signers s on s.signer = r.signer left join oracle.providers p on p.owner = s.owner
      order by r.question, r.signer, r.received_at desc`,
  );
  const byId = new Map(candidates.map((each) => [each.question, each]));
  return reports.flatMap((report): SaidRow[] => {
    const { question, provider, value, weight, kinds } = report;
    // Whoever was early contradicts nobody who came later.
    if (value === TOO_EARLY) return [];
    const family = familyOf(kinds);
    if (family !== 0) return [{ question, provider, value, weight, model: `family ${family}` }];
    const asked = byId.get(question);
    const sources = asked === undefined ? [] : bySources(asked, report);
    return [{ question, provider, value, weight, model: null }, ...sources];
  });
}

/** What a provider's evidence says of the sources that are models, as values of the question. */
function bySources({ schema, min, max }: Candidate, { question, provider, body }: Row): SaidRow[] {
  const read = body === null ? null : readEvidence(body);
  if (read === null || "complaint" in read) return [];
  return read.bundle.sources.flatMap(({ name, type, value: text }): SaidRow[] => {
    const value = type === "witness" && text !== null ? valueIn(schema, text) : null;
    if (value === null) return [];
    const held = isSentinel(value) ? value : kindOf(schema).hold(value, { min, max });
    return [{ question, provider, value: held, weight: 0n, model: `source ${name}` }];
  });
}

/** What a figure in the question's unit comes to; no outcome is INVALID. Null: whoever wrote the evidence wrote no number. */
function valueIn(schema: QuestionSchema, text: string): bigint | null {
  const number = numberIn(text);
  return number === null ? null : (kindOf(schema).valueOf(number, schema, [number]) ?? INVALID);
}

function numberIn(text: string): Decimal | null {
  try {
    return parseDecimal(text);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
