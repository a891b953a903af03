import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import {
  claimFrom,
  type EpochOutlook,
  extendFrom,
  extension,
  NOBODY,
  type SignerSet,
} from "../../core/index.ts";
import { epochCall, epochOutlook } from "../advance-epoch.ts";
import type { WorkerDeps } from "../deps.ts";
import { claimSilence } from "./claim-silence.ts";
import { record } from "./record.ts";

const lacking = gauge(
  "oracle_questions_without_quorum",
  "Questions that programs can answer, half of whose time to report is over without a quorum in sight",
);
/** One question may name sources that nobody can read; several at once mean that providers are away. */
alert({
  id: "oracle.no_quorum_in_sight",
  severity: "ticket",
  forSeconds: 120,
  when: `${lacking.metric} > 0`,
  runbook: "docs/runbooks/oracle.md#no-quorum-in-sight",
});

const PAGE = 500;

/** An open question past half of its time, and what was last written down about its epoch. */
type PastHalf = {
  id: Hex;
  round: number;
  opensAt: number;
  notBefore: number;
  deadline: number;
  domain: number;
  readable: boolean;
  /** Those who reported, or committed to what they will report, hold the weight that an answer takes; whether they agree is another matter. */
  inSight: boolean;
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
  let after: PastHalf | undefined;
  let count = 0;
  do {
    const page = await pastHalf(deps, head.timestamp, after);
    for (const question of page) {
      const outlook =
        outlooks.get(question.domain) ??
        (await epochOutlook(deps, question.domain, sets.get(question.domain) ?? NOBODY, head));
      outlooks.set(question.domain, outlook);
      if (question.inSight) continue;
      if (question.readable) count += 1;
      await extend(deps, question, outlook, head);
    }
    // Whole rows, with their schemas, of the few whose time is nearly over; not of half of all that is open.
    const silent = page.filter((question) => claimFrom(question, question) <= head.timestamp);
    await claimSilence(
      deps,
      silent.map(({ id }) => id),
      sets,
      head,
    );
    after = page.length < PAGE ? undefined : page.at(-1);
  } while (after);
  lacking.set(count);
}

const pastHalf = (
  { store, config }: WorkerDeps,
  now: number,
  after: PastHalf | undefined,
): Promise<PastHalf[]> =>
  rows<PastHalf>(
    store.db,
    sql`with current as (
        select distinct on (domain) domain, epoch, total_weight from oracle.epochs order by domain, epoch desc)
      select q.id, q.round, q.opens_at as "opensAt", q.not_before as "notBefore", q.deadline, q.domain,
        q.fault is null and jsonb_array_length(q.schema->'sources') > 0 as readable,
        coalesce(3 * (select coalesce(sum(s.weight), 0) from oracle.seats s
            where s.domain = c.domain and s.epoch = c.epoch and (exists (select 1 from oracle.reports r
              where r.question = q.id and r.round = q.round and r.epoch = c.epoch and r.seat = s.seat and r.signer = s.signer)
            or exists (select 1 from oracle.report_commitments r
              where r.question = q.id and r.round = q.round and r.epoch = c.epoch and r.seat = s.seat and r.signer = s.signer)))
          > 2 * c.total_weight, false) as "inSight",
        last.state as "lastState", last.reason as "lastReason"
      from oracle.questions q left join current c on c.domain = q.domain
      left join lateral (select a.state, a.reason from oracle.attempts a where a.question = q.id and a.kind = 'extend'
        and a.round = q.round order by a.block desc limit 1) last on true
      where q.state = 'open' and q.deadline > ${now} and q.reward >= ${String(config.ORACLE_MIN_REWARD)}
        and q.not_before + (q.deadline - q.not_before + 1) / 2 <= ${now}
        and ${after ? sql`(q.deadline, q.id) > (${after.deadline}, ${after.id})` : sql`true`}
      order by q.deadline, q.id limit ${PAGE}`,
  );

const STATES = { advance: "waiting", wait: "waiting", give_up: "failed" } as const;

async function extend(
  deps: WorkerDeps,
  question: PastHalf,
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
