import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, counter, gauge } from "@sooth/runtime";
import { notifyLive, one, rows, sql } from "@sooth/store";
import {
  type EngineRecord,
  type EpochOutlook,
  extendFrom,
  extension,
  NOBODY,
  type SignerSet,
} from "../../core/index.ts";
import { epochCall, epochOutlook } from "../advance-epoch.ts";
import type { WorkerDeps } from "../deps.ts";
import { sendIn, type Wanted } from "../send.ts";

const lacking = gauge(
  "oracle_questions_without_quorum",
  "Questions that programs can answer, half of whose time to report is over without a quorum in sight",
);
const recorded = counter("oracle_attempts_total", "What this server tried to bring an answer about", [
  "kind",
  "state",
]);
/** One question may name sources that nobody can read; several at once mean that providers are away. */
alert({
  id: "oracle.no_quorum_in_sight",
  severity: "ticket",
  forSeconds: 120,
  when: `${lacking.metric} > 0`,
  runbook: "docs/runbooks/oracle.md#no-quorum-in-sight",
});

const PAGE = 500;

/** An open question for which too few have reported, and what was last written down about its epoch. */
type Lacking = {
  id: Hex;
  round: number;
  notBefore: number;
  deadline: number;
  domain: number;
  readable: boolean;
  lastState: string | null;
  lastReason: string | null;
};

/**
 * Does what can be done for questions of which no quorum is in sight, and writes down what it did or why it could not. What
 * it asks for and what it writes down commit together.
 */
export async function sweepAttempts(
  deps: WorkerDeps,
  sets: ReadonlyMap<number, SignerSet>,
  head: BlockRef,
): Promise<void> {
  const outlooks = new Map<number, EpochOutlook>();
  let after: Lacking | undefined;
  let count = 0;
  do {
    const page = await lackingQuorum(deps, head.timestamp, after);
    for (const question of page) {
      const outlook =
        outlooks.get(question.domain) ??
        (await epochOutlook(deps, question.domain, sets.get(question.domain) ?? NOBODY, head));
      outlooks.set(question.domain, outlook);
      if (question.readable) count += 1;
      await extend(deps, question, outlook, head);
    }
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after);
  lacking.set(count);
}

const lackingQuorum = (
  { store, config }: WorkerDeps,
  now: number,
  after: Lacking | undefined,
): Promise<Lacking[]> =>
  rows<Lacking>(
    store.db,
    sql`with current as (
        select distinct on (domain) domain, epoch, total_weight from oracle.epochs order by domain, epoch desc)
      select q.id, q.round, q.not_before as "notBefore", q.deadline, q.domain,
        q.fault is null and jsonb_array_length(q.schema->'sources') > 0 as readable,
        last.state as "lastState", last.reason as "lastReason"
      from oracle.questions q left join current c on c.domain = q.domain
      left join lateral (select a.state, a.reason from oracle.attempts a where a.question = q.id and a.kind = 'extend'
        and a.round = q.round order by a.block desc limit 1) last on true
      where q.state = 'open' and q.deadline > ${now} and q.reward >= ${String(config.ORACLE_MIN_REWARD)}
        and q.not_before + (q.deadline - q.not_before + 1) / 2 <= ${now}
        and ${after ? sql`(q.deadline, q.id) > (${after.deadline}, ${after.id})` : sql`true`}
        and not coalesce(3 * (select coalesce(sum(s.weight), 0) from oracle.reports r
            join oracle.seats s on s.domain = c.domain and s.epoch = r.epoch and s.seat = r.seat and s.signer = r.signer
            where r.question = q.id and r.round = q.round and r.epoch = c.epoch) > 2 * c.total_weight, false)
      order by q.deadline, q.id limit ${PAGE}`,
  );

const STATES = { advance: "waiting", wait: "waiting", give_up: "failed" } as const;

async function extend(
  deps: WorkerDeps,
  question: Lacking,
  outlook: EpochOutlook,
  head: BlockRef,
): Promise<void> {
  const found = extension(outlook, question.deadline, head.timestamp);
  // An epoch that began since is told by its log; that there is not another one need not be.
  if (found.do === "give_up" && outlook.startedAt >= extendFrom(question)) return;
  const state = STATES[found.do];
  if (question.lastState === state && question.lastReason === found.reason) return;
  await record(
    deps,
    question.id,
    {
      round: question.round,
      kind: "extend",
      state,
      reason: found.reason,
      at: head.timestamp,
      block: head.number,
    },
    found.do === "advance" ? epochCall(deps, question.domain, outlook) : null,
  );
}

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
