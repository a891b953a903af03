import type { BlockRef } from "@sooth/chain";
import { type Hex, need, type UnixSeconds } from "@sooth/kernel";
import { alert, gauge } from "@sooth/runtime";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type EvidenceBundle,
  type FedReport,
  type FedQuestion,
  judgeFinal,
  judgeVote,
  limitsWith,
  readEvidence,
} from "../../core/index.ts";
import type { WorkerDeps } from "../deps.ts";
import { type StoredQuestion, questionsByIds } from "../questions.ts";
import { type FedVerdict, verdictsFor } from "./jury-votes.ts";
import { lockMonitor, type MonitorState, numberMembers, roomier, saveMonitor } from "./monitor-state.ts";

const behind = gauge(
  "security_monitor_lag_seconds",
  "Chain time between the last block and the finality of the oldest answer that the monitor has yet to see",
);
alert({
  id: "security.monitor_lag",
  severity: "ticket",
  forSeconds: 600,
  when: `${behind.metric} > 86400`,
  runbook: "docs/runbooks/security.md#the-monitor-is-behind",
});

/** Questions fed in one transaction. */
const PAGE = 200;

/**
 * Feeds the monitor with questions that became final, in the order of finality, each once: the sums and the place reached
 * are written together. An answer counts once no reorg can take it back.
 * @returns whether there is more to feed
 */
export async function feedMonitor(deps: Pick<WorkerDeps, "store" | "hub">, head: BlockRef): Promise<boolean> {
  const { finality, blockSeconds } = deps.hub.definition;
  const until = head.timestamp - finality.confirmations * blockSeconds;
  return deps.store.transaction(async (tx) => {
    const held = await lockMonitor(tx);
    const due = await finalsAfter(tx, held, until);
    const first = due[0];
    behind.set(first ? head.timestamp - first.finalizeAt : 0);
    if (!first) return false;
    const questions = new Map(
      (
        await questionsByIds(
          tx,
          due.map(({ id }) => id),
        )
      ).map((one) => [one.id, one]),
    );
    const ids = due.map(({ id }) => id);
    const [reporters, verdicts] = [await reportersOn(tx, ids), await verdictsFor(tx, ids)];
    const owners = due.flatMap(({ id }) => [
      ...(reporters.get(id) ?? []),
      ...(verdicts.get(id) ?? []).flatMap(({ votes }) => votes.map(({ owner }) => owner)),
    ]);
    const numbers = await numberMembers(tx, owners);
    const limits = limitsWith();

    const state = numbers.size > held.capacity ? roomier(held, numbers.size) : held;
    // Fed from the first question on, so these come again in their turn.
    const page = state === held ? due : [];
    for (const { id, finalizeAt } of page) {
      const question = need(questions.get(id), `question ${id}`);
      judgeFinal(state.monitor, fedOf(question, await reportsFor(tx, id), numbers), limits);
      const about = { domain: question.terms.domain, finalAt: finalizeAt as UnixSeconds };
      for (const { verdict, votes } of verdicts.get(id) ?? [])
        judgeVote(state.monitor, { ...about, verdict, votes: votesOf(votes, numbers) });
    }
    const last = page.at(-1);
    const next: MonitorState = {
      ...state,
      throughAt: last?.finalizeAt ?? 0,
      throughId: last?.id ?? "",
      fedAt: head.timestamp,
    };
    await saveMonitor(tx, next);
    return page.length === 0 || due.length === PAGE;
  });
}

const finalsAfter = (
  tx: Executor,
  { throughAt, throughId }: MonitorState,
  until: number,
): Promise<{ id: Hex; finalizeAt: number }[]> =>
  rows(
    tx,
    sql`select id, finalize_at as "finalizeAt" from oracle.questions
      where state = 'answered' and finalize_at <= ${until} and (finalize_at, id) > (${throughAt}, ${throughId})
      order by finalize_at, id limit ${PAGE}`,
  );

const votesOf = (votes: FedVerdict["votes"], numbers: ReadonlyMap<string, number>) =>
  votes.map(({ owner, choice }) => ({
    provider: need(numbers.get(owner), `the number of ${owner}`),
    choice,
  }));

/** Who handed over what {@link reportsFor} gives, in its order. */
async function reportersOn(tx: Executor, ids: readonly string[]): Promise<Map<string, Hex[]>> {
  const found = await rows<{ question: Hex; owners: Hex[] }>(
    tx,
    sql`select r.question, array_agg(distinct s.owner order by s.owner) as owners
      from oracle.reports r
      join oracle.questions q on q.id = r.question and q.round = r.round and q.epoch = r.epoch
      join oracle.signers s on s.signer = r.signer
      where r.question = any(${ids}::text[]) and r.received_at <= q.finalize_at
      group by r.question`,
  );
  return new Map(found.map(({ question, owners }) => [question, owners]));
}

type ReportRow = { owner: Hex; value: bigint; receivedAt: number; body: string | null };

/**
 * What was handed over for the round that was answered, before finality; one report an owner. Of one question: evidence is up to
 * 64 KiB a report, and a page of questions with all of theirs would be gigabytes.
 */
const reportsFor = (tx: Executor, id: string): Promise<ReportRow[]> =>
  rows<ReportRow>(
    tx,
    sql`select distinct on (s.owner) s.owner, r.value, r.received_at as "receivedAt", e.body
      from oracle.reports r
      join oracle.questions q on q.id = r.question and q.round = r.round and q.epoch = r.epoch
      join oracle.signers s on s.signer = r.signer
      left join oracle.evidence e on e.hash = r.evidence
      where r.question = ${id} and r.received_at <= q.finalize_at
      order by s.owner, r.received_at, r.signer`,
  );

function fedOf(
  { schema, terms, word }: StoredQuestion,
  reports: readonly ReportRow[],
  numbers: ReadonlyMap<string, number>,
): FedQuestion {
  if (word.state !== "answered") throw new Error("a question without an answer was taken for final");
  return {
    schema,
    terms,
    final: word.value,
    finalAt: word.finalizeAt as UnixSeconds,
    openedAt: terms.opensAt,
    reports: reports.map(({ owner, value, receivedAt, body }): FedReport => ({
      provider: need(numbers.get(owner), `the number of ${owner}`),
      value,
      receivedAt,
      evidence: body === null ? null : bundleOf(body),
    })),
  };
}

function bundleOf(body: string): EvidenceBundle | null {
  const read = readEvidence(body);
  return "bundle" in read ? read.bundle : null;
}
