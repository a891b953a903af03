import type { Addresses, Chain } from "@sooth/chain";
import {
  brakeLimits,
  countUnheld,
  COOL_DOWN,
  disputedQuestions,
  guardState,
  listEvents,
  securingAnswers,
} from "@sooth/oracle";
import { heaviestHour } from "@sooth/oracle/core";
import { one, sql, type Store } from "@sooth/store";

/** What somebody needs to know before he does anything. Unix seconds by the chain's clock; collateral in the smallest unit. */
export type Situation = {
  chainId: number;
  now: number;
  guardian: string;
  /** The last one; null before the first. */
  pause: { number: number; until: number } | null;
  windowFactor: number;
  /** Null when the tables cannot be read: the chain alone does not list answers. */
  tables: {
    hour: { value: bigint; answers: number; limit: bigint };
    disputes: { open: number; limit: number };
    /** Answers that are not final, and those of them that the pause was not added to. */
    notFinal: number;
    nextFinal: number | null;
    unheld: number;
    /** Open, of severity 4 and 5. */
    events: { id: string; rule: string; severity: number; summary: string }[];
  } | null;
};

/** @throws chain.rpc_unreachable */
export async function situationOf(
  hub: Chain,
  addresses: Addresses,
  store: Store | undefined,
): Promise<Situation> {
  const [now, state] = await Promise.all([hub.now(), guardState(hub, addresses)]);
  const { pause, guardian, windowFactor } = state;
  return {
    chainId: hub.definition.id,
    now,
    guardian,
    pause: pause.number === 0 ? null : pause,
    windowFactor,
    tables: store === undefined ? null : await tablesOf({ hub, addresses, store, now, pause }),
  };
}

async function tablesOf(o: {
  hub: Chain;
  addresses: Addresses;
  store: Store;
  now: number;
  pause: { number: number; until: number };
}): Promise<Situation["tables"]> {
  const { db } = o.store;
  const [answers, disputed, limits, events, pending, unheld] = await Promise.all([
    securingAnswers(db, o.now),
    disputedQuestions(db),
    brakeLimits(o.hub, o.addresses),
    listEvents(db, { state: "open", severity: 4, limit: 20 }),
    one<{ count: number; next: number | null }>(
      db,
      sql`select count(*) as count, min(finalize_at) as next from oracle.questions
        where state = 'answered' and finalize_at > ${o.now}`,
    ),
    o.now < o.pause.until ? countUnheld(db, o.pause.number, o.now) : 0,
  ]);
  const hour = heaviestHour(answers);
  return {
    hour: { value: hour.value, answers: hour.ids.length, limit: limits.valueLimit },
    disputes: { open: disputed.length, limit: limits.disputeLimit },
    notFinal: pending?.count ?? 0,
    nextFinal: pending?.next ?? null,
    unheld,
    events: events.map(({ event: { id, rule, severity, summary } }) => ({ id, rule, severity, summary })),
  };
}

export const time = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ");
export const left = (seconds: number): string =>
  seconds >= 5_400
    ? `${(seconds / 3_600).toFixed(1)} h`
    : seconds >= 90
      ? `${Math.round(seconds / 60)} min`
      : `${seconds} s`;
const dollars = (units: bigint): string => (Number(units / 10_000n) / 100).toLocaleString("en-US");

/** Name and what is to be said of it. */
export function situationText(situation: Situation): [string, string][] {
  const { chainId, now, guardian, pause, windowFactor, tables } = situation;
  return [
    ["chain", `${chainId}, ${time(now)} UTC by its clock`],
    ["guardian", BigInt(guardian) === 0n ? "nobody" : guardian],
    ["pause", pauseText(pause, now)],
    ["windows", windowFactor > 1 ? `${windowFactor} times the usual: a breaker has tripped` : "as usual"],
    ...(tables === null
      ? ([["tables", "cannot be read here; what is below the chain's own word is missing"]] as [
          string,
          string,
        ][])
      : ([
          [
            "value",
            `${dollars(tables.hour.value)} in one hour (${tables.hour.answers} answers), limit ${dollars(tables.hour.limit)}`,
          ],
          ["disputes", `${tables.disputes.open} open, more than ${tables.disputes.limit} trips`],
          [
            "answers",
            `${tables.notFinal} not final` +
              (tables.nextFinal === null ? "" : `, the next in ${left(tables.nextFinal - now)}`) +
              (tables.unheld > 0 ? `, ${tables.unheld} not held` : ""),
          ],
          ...tables.events.map(({ severity, rule, summary }): [string, string] => [
            `severity ${severity}`,
            `${rule}: ${summary}`,
          ]),
        ] as [string, string][])),
  ];
}

function pauseText(pause: Situation["pause"], now: number): string {
  if (pause === null) return "none, and none before";
  if (now < pause.until)
    return `number ${pause.number}, until ${time(pause.until)} (${left(pause.until - now)} left)`;
  const from = pause.until + COOL_DOWN;
  return now < from ? `over; no other before ${time(from)}` : "over; another may be called";
}

/** What to look at now, the most urgent first. */
export function nextSteps({ now, pause, tables }: Situation): string[] {
  const isPaused = pause !== null && now < pause.until;
  const steps: string[] = [];
  if (tables === null)
    steps.push("find out why the tables cannot be read: GET /health; a pause needs the chain alone");
  if (tables && tables.events.length > 0)
    steps.push("read the events: npx sooth security list --state open --severity 4");
  if (tables && isPaused && tables.unheld > 0)
    steps.push("hold what the pause was not added to: npx sooth emergency hold --all --yes");
  if (tables && !isPaused && tables.notFinal > 0 && tables.events.some(({ severity }) => severity === 5))
    steps.push("object before finality, or pause: npx sooth emergency pause --hours N --why TEXT --yes");
  if (tables && tables.hour.value > tables.hour.limit)
    steps.push("the worker trips the value breaker; if not: npx sooth emergency trip --yes");
  if (tables && tables.disputes.open > tables.disputes.limit)
    steps.push("the worker trips the dispute breaker; if not: npx sooth emergency trip --yes");
  if (isPaused)
    steps.push(`use the pause: object to every wrong answer before ${time(pause.until)}; it ends by itself`);
  return steps.length > 0 ? steps : ["nothing: no event waits, nothing is near its limit"];
}
