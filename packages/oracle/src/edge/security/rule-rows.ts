import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type {
  AnswerRow,
  BrakeRow,
  ConsumerRow,
  Deadline,
  FeedRow,
  JoinRow,
  PendingRow,
  ReadingRow,
  ReportRow,
  Snapshot,
  StakeRow,
} from "../../core/index.ts";
import { NO_FIGURE_YET, readEvidence } from "../../core/index.ts";
import { errorUnit } from "../../core/watch/judge.ts";
import { evidenceBodies } from "../reports.ts";

/** What the attack patterns are looked for in, read from the tables. All times are the chain's. */

const HOUR = 3_600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** Rows that one rule looks at in one run. The newest count. */
const MOST_ROWS = 5_000;
/** Evidence held in memory at once: a body takes up to 64 kB. */
const BODIES_AT_ONCE = 200;
/** A month of a busy network: only three columns of each. */
const MOST_ANSWERS = 100_000;

/** Rounds that ended within a day and may hold a burst; their reports until the answer. */
export async function endedRounds(
  db: Executor,
  now: number,
): Promise<{ rounds: Deadline[]; reports: ReportRow[] }> {
  const rounds = await rows<Deadline & { round: number; until: number }>(
    db,
    sql`select q.id as question, q.not_before as "opensAt", q.deadline, q.round,
        coalesce(q.answered_at, q.deadline) as until
      from oracle.questions q where q.deadline <= ${now} and q.deadline > ${now - DAY}
        and 3 <= (select count(*) from oracle.reports r where r.question = q.id and r.round = q.round
          and r.received_at <= coalesce(q.answered_at, q.deadline)
          and r.received_at >= q.deadline - (q.deadline - q.not_before) / 10 - 1)
      order by q.deadline desc limit 500`,
  );
  const reports = await rows<ReportRow>(
    db,
    sql`select distinct on (r.question, r.signer) r.question, coalesce(s.owner, r.signer) as provider, r.value, r.weight,
        r.received_at as at
      from unnest(${rounds.map(({ question }) => question)}::text[], ${rounds.map(({ round }) => round)}::int[],
        ${rounds.map(({ until }) => until)}::bigint[]) as ended (question, round, until)
      join oracle.reports r on r.question = ended.question and r.round = ended.round and r.received_at <= ended.until
      left join oracle.signers s on s.signer = r.signer
      order by r.question, r.signer, r.received_at`,
  );
  return { rounds, reports };
}

/**
 * Epochs formed within a day, with the stake there was, and what moved before them. A domain's first epoch is left out,
 * and what founders brought before the very first: then all stake is new.
 */
export async function epochsFormed(
  db: Executor,
  now: number,
): Promise<{ snapshots: Snapshot[]; moves: StakeRow[] }> {
  const snapshots = await rows<Snapshot>(
    db,
    sql`select e.domain, e.epoch, e.at,
        greatest(0, (select coalesce(sum(stake), 0) from oracle.providers where state = 'active')
          - (select coalesce(sum(delta), 0) from oracle.stake_moves where at > e.at)) as "totalStake"
      from oracle.epochs e where e.epoch > 1 and e.at > ${now - DAY} and e.at <= ${now} order by e.at limit 500`,
  );
  const moves = await rows<StakeRow>(
    db,
    sql`select owner as provider, delta, at from oracle.stake_moves
      where at > ${now - 2 * DAY} and at <= ${now} and at > (select min(at) from oracle.epochs)
      order by at desc limit ${MOST_ROWS}`,
  );
  return { snapshots, moves };
}

/** Figures of numeric questions that became final within a week. Questions of the same sources are one feed. */
export async function feedFigures(db: Executor, now: number): Promise<FeedRow[]> {
  const found = await rows<FeedRow>(
    db,
    sql`select md5((q.schema->'sources')::text || q.decimals) as feed, s.owner as provider, r.value, q.value as final,
        q.tolerance, q.finalize_at as at
      from (select *, schema->>'decimals' as decimals from oracle.questions
        where state = 'answered' and aggregation = 'median' and finalize_at > ${now - WEEK} and finalize_at <= ${now}
        order by finalize_at desc limit ${MOST_ROWS}) q
      join oracle.reports r on r.question = q.id and r.round = q.round and r.epoch = q.epoch
      join oracle.signers s on s.signer = r.signer
      order by q.finalize_at desc limit ${MOST_ROWS}`,
  );
  return found.map((row) => ({ ...row, tolerance: errorUnit(row.final, row.tolerance) }));
}

/** Who joined within a week, after the first epoch of all: founders come together, and everybody knows. */
export async function newProviders(
  db: Executor,
  now: number,
): Promise<{ joins: JoinRow[]; totalStake: bigint }> {
  const joins = await rows<JoinRow>(
    db,
    sql`select m.owner as provider, m.delta as stake, o.origin, m.at from oracle.stake_moves m
      left join oracle.stake_origins o on o.owner = m.owner
      where m.kind = 'joined' and m.at > ${now - WEEK} and m.at <= ${now}
        and m.at > (select min(at) from oracle.epochs) order by m.at desc limit ${MOST_ROWS}`,
  );
  const total = await one<{ stake: bigint }>(
    db,
    sql`select coalesce(sum(stake), 0) as stake from oracle.providers where state = 'active'`,
  );
  return { joins, totalStake: total?.stake ?? 0n };
}

/**
 * What providers read of sources within an hour, from their evidence. A source that answered and has no figure yet has not
 * failed. Who could read too little to sign anything hands nothing over, so the outage of most sources of a question shows
 * only where other questions name them.
 */
export async function readings(db: Executor, now: number): Promise<ReadingRow[]> {
  const found = await rows<{ provider: string; evidence: Hex; at: ReadingRow["at"] }>(
    db,
    sql`select coalesce(s.owner, r.signer) as provider, r.evidence, r.received_at as at
      from oracle.reports r left join oracle.signers s on s.signer = r.signer
      where r.received_at > ${now - HOUR} and r.received_at <= ${now}
      order by r.received_at desc limit ${MOST_ROWS}`,
  );
  const read: ReadingRow[] = [];
  for (let from = 0; from < found.length; from += BODIES_AT_ONCE) {
    const page = found.slice(from, from + BODIES_AT_ONCE);
    const hashes = page.map(({ evidence }) => evidence);
    const bodies = new Map((await evidenceBodies(db, hashes)).map(({ hash, body }) => [hash, body]));
    for (const { provider, evidence, at } of page)
      read.push(...sourcesIn(bodies.get(evidence), provider, at));
  }
  return read;
}

function sourcesIn(body: string | undefined, provider: string, at: ReadingRow["at"]): ReadingRow[] {
  const read = body === undefined ? undefined : readEvidence(body);
  if (read === undefined || "complaint" in read) return [];
  return read.bundle.sources.map(({ url, value, dropped }) => ({
    source: originOf(url),
    provider,
    ok: value !== null || dropped === NO_FIGURE_YET,
    at,
  }));
}

/** What fails together: the host of a URL; of a chain or a witness the whole. */
function originOf(url: string): string {
  return URL.canParse(url) && new URL(url).host !== "" ? new URL(url).host : url;
}

/** Answers that had a quorum and waited for a block within a day, and those that wait. */
export const waitingAnswers = (db: Executor, now: number): Promise<PendingRow[]> =>
  rows(
    db,
    sql`select 'report ' || q.id as subject, sent.at as "sentAt", q.deadline, q.answered_at as "includedAt"
      from oracle.questions q
      cross join lateral (select r.received_at as at from (
          select r.received_at, sum(r.weight) over (order by r.received_at, r.signer) as weight, e.total_weight
          from oracle.reports r join oracle.epochs e on e.domain = q.domain and e.epoch = r.epoch
          where r.question = q.id and r.round = q.round
            and r.epoch = coalesce(q.epoch, (select max(epoch) from oracle.epochs where domain = q.domain))) r
        where 3 * r.weight > 2 * r.total_weight order by r.received_at limit 1) sent
      where q.deadline > ${now - DAY} and sent.at <= ${now}
        and (q.state = 'open' or (q.state = 'answered' and q.answered_at > sent.at + 60 and q.answered_at > ${now - DAY}))
        and (q.state <> 'open' or sent.at < ${now - 60})
      limit 500`,
  );

/**
 * Answers of a month and a day, by the time of the first objection, or of the answer where there was none. None at all while
 * fewer than `least` were objected to within the day: a month is much to read for nothing.
 */
export const answersOfMonth = (db: Executor, now: number, least: number): Promise<AnswerRow[]> =>
  rows(
    db,
    sql`select q.domain::text as domain, d.at is not null as disputed, coalesce(d.at, q.answered_at) as at
      from oracle.questions q
      left join (select question, min(at) as at from oracle.disputes group by question) d on d.question = q.id
      where coalesce(d.at, q.answered_at) > ${now - 31 * DAY}
        and (select count(*) from oracle.disputes where at > ${now - DAY}) >= ${least}
      order by 3 desc limit ${MOST_ANSWERS}`,
  );

/** Trips and pauses of a day. */
export const brakesOfDay = (db: Executor, now: number): Promise<BrakeRow[]> =>
  rows(
    db,
    sql`select 'breaker ' || why as subject, found::text, most::text as "limit", null as guardian, until, at from oracle.trips
        where at > ${now - DAY}
      union all
      select 'pause ' || number, null, null, guardian, until_at, from_at from oracle.pauses where from_at > ${now - DAY}`,
  );

/** Consumers in their notice time. */
export const consumersNamed = (db: Executor, now: number): Promise<ConsumerRow[]> =>
  rows(
    db,
    sql`select consumer, believed_from as "from", named_at as at from oracle.consumers where believed_from > ${now}
      order by consumer limit 500`,
  );
