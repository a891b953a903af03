import type { Hex, UnixSeconds } from "@sooth/kernel";
import { alert, counter, gauge } from "@sooth/runtime";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  type EventRecord,
  type EventState,
  type EventStep,
  eventId,
  isNews,
  type KnownEvent,
  moveEvent,
  OracleError,
  type SecurityEvent,
  summaryOf,
  type wireSecurityEvent,
} from "../../core/index.ts";
import { type Body, bodyOf, keepBody } from "./evidence.ts";

const opened = counter("security_events_total", "Security events opened", ["rule", "severity"]);
const openNow = gauge("security_events_open", "Security events that nobody has looked at", ["severity"]);
alert({
  id: "security.emergency",
  severity: "page",
  forSeconds: 0,
  when: `${openNow.metric}{severity="5"} > 0`,
  runbook: "docs/runbooks/security.md#an-event-of-severity-5-is-open",
});
alert({
  id: "security.untriaged",
  severity: "page",
  forSeconds: 3_600,
  when: `${openNow.metric}{severity="4"} > 0`,
  runbook: "docs/runbooks/security.md#an-event-waits",
});
alert({
  id: "security.backlog",
  severity: "ticket",
  forSeconds: 86_400,
  when: `sum(${openNow.metric}) > 0`,
  runbook: "docs/runbooks/security.md#an-event-waits",
});

export type WireEvent = z.infer<typeof wireSecurityEvent>;
export type Sighting = { event: SecurityEvent; body?: Body };

/** Opens a record for each that is news, with what proves it. Returns the ids of those opened. */
export async function openEvents(
  tx: Executor,
  chainId: number,
  sightings: readonly Sighting[],
): Promise<Hex[]> {
  const ids: Hex[] = [];
  for (const { event, body = bodyOf(event, chainId) } of sightings) {
    // Two workers that see the same at once: the second waits here, and finds it known.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${event.rule} ${event.subject}`}, 0))`.execute(
      tx,
    );
    if (!isNews(event, await knownOf(tx, event))) continue;
    await keepBody(tx, body);
    const id = eventId(event);
    const { rule, severity, subject, evidence, at } = event;
    await sql`insert into oracle.security_events (id, rule, severity, subject, facts, evidence, at)
      values (${id}, ${rule}, ${severity}, ${subject}, ${JSON.stringify(evidence)}, ${body.hash}, ${at})`.execute(
      tx,
    );
    opened.inc({ rule, severity: String(severity) });
    ids.push(id);
  }
  return ids;
}

const knownOf = (tx: Executor, { rule, subject }: SecurityEvent): Promise<KnownEvent[]> =>
  rows<KnownEvent>(
    tx,
    sql`select id, severity, state, at from oracle.security_events where rule = ${rule} and subject = ${subject}`,
  );

/** Tells the metrics how many events of each severity wait. */
export async function countOpen(db: Executor): Promise<number> {
  const found = await rows<{ severity: number; count: number }>(
    db,
    sql`select severity, count(*) as count from oracle.security_events where state = 'open' group by severity`,
  );
  const counts = new Map(found.map(({ severity, count }) => [severity, count]));
  for (const severity of [1, 2, 3, 4, 5])
    openNow.set({ severity: String(severity) }, counts.get(severity) ?? 0);
  return found.reduce((sum, { count }) => sum + count, 0);
}

/* READING */

type Row = {
  place: number;
  id: Hex;
  rule: string;
  severity: SecurityEvent["severity"];
  subject: string;
  facts: Record<string, string>;
  evidence: Hex;
  at: UnixSeconds;
  state: EventState;
  who: string | null;
  why: string | null;
};

export type EventFilter = {
  id?: string;
  state?: EventState;
  rule?: string;
  subject?: string;
  /** This grave or graver. */
  severity?: number;
  /** Opened before the one at this place. */
  before?: number;
  limit: number;
};

/** `place`: of the next page, those before it. */
export type ListedEvent = { place: number; event: WireEvent };

/** Latest first. */
export async function listEvents(db: Executor, filter: EventFilter): Promise<ListedEvent[]> {
  const { id, state, rule, subject, severity, before, limit } = filter;
  const conditions = [
    sql`true`,
    ...(id === undefined ? [] : [sql`e.id = ${id.toLowerCase()}`]),
    ...(state === undefined ? [] : [sql`e.state = ${state}`]),
    ...(rule === undefined ? [] : [sql`e.rule = ${rule}`]),
    ...(subject === undefined ? [] : [sql`e.subject = ${subject}`]),
    ...(severity === undefined ? [] : [sql`e.severity >= ${severity}`]),
    ...(before === undefined ? [] : [sql`e.place < ${before}`]),
  ];
  const found = await rows<Row>(
    db,
    sql`select e.*, s.who, s.why from oracle.security_events e
      left join lateral (select who, why from oracle.security_steps where event = e.id order by place desc limit 1) s on true
      where ${sql.join(conditions, sql` and `)} order by e.place desc limit ${limit}`,
  );
  return found.map(({ place, id, rule, severity, subject, facts, evidence, at, state, who, why }) => ({
    place,
    event: {
      id,
      rule,
      severity,
      subject,
      summary: summaryOf({ rule, subject, evidence: facts }),
      evidence,
      at,
      state,
      note: who === null ? null : `${who}: ${why}`,
    },
  }));
}

/** What an event is and what was done about it. @throws oracle.unknown_event */
export async function eventRecord(db: Executor, id: string, lock = false): Promise<EventRecord> {
  const row = await one<Row>(
    db,
    sql`select * from oracle.security_events where id = ${id.toLowerCase()} ${lock ? sql`for update` : sql``}`,
  );
  if (!row) throw OracleError.unknown_event({ id });
  const steps = await rows<EventStep>(
    db,
    sql`select to_state as "to", who, why, at from oracle.security_steps where event = ${row.id} order by place`,
  );
  const { rule, severity, subject, facts, at, state } = row;
  return { id: row.id, rule, severity, subject, evidence: facts, at, state, steps };
}

/** Takes one step in an event's life. @throws oracle.unknown_event, oracle.event_not_movable, oracle.event_without_reason */
export async function stepEvent(tx: Executor, id: string, step: EventStep): Promise<EventRecord> {
  const moved = moveEvent(await eventRecord(tx, id, true), step);
  await sql`insert into oracle.security_steps (event, place, to_state, who, why, at)
    values (${moved.id}, ${moved.steps.length}, ${step.to}, ${step.who}, ${step.why}, ${step.at})`.execute(
    tx,
  );
  await sql`update oracle.security_events set state = ${moved.state} where id = ${moved.id}`.execute(tx);
  return moved;
}
