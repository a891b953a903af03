import { epochsAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256 } from "viem";
import { type Aggregation, packEntries, takesLate } from "../../core/index.ts";
import { commitLimits } from "../contract.ts";
import type { WorkerDeps } from "../deps.ts";
import { send } from "../send.ts";

type Late = { question: Hex; epoch: number; round: number; seat: number; value: bigint; signature: Hex };

/** Questions in one transaction. */
const MOST = 50;

/**
 * Logs reports that came in time and are not in the answer, which a quorum made without them: who is merely slower has
 * not missed a question. Once half of its liveness has passed, so that many questions share a transaction.
 */
export async function noteLate(deps: WorkerDeps, { timestamp: now }: BlockRef): Promise<void> {
  const { tier } = await commitLimits(deps.hub, deps.addresses);
  const all = await rows<Late & { secures: bigint; answer: bigint; aggregation: Aggregation }>(
    deps.store.db,
    sql`select r.question, r.epoch, r.round, r.seat, r.value, r.signature, q.secures,
        s.value as answer, q.aggregation
      from oracle.questions q
      join oracle.signed_answers s on s.question = q.id
      join oracle.reports r on r.question = q.id and r.epoch = s.epoch and r.round = s.round
      where q.state = 'answered' and q.aggregation <> 'root' and q.finalize_at > ${now}
        and q.finalize_at - q.liveness / 2 <= ${now} and (s.seats >> r.seat) & 1 = 0
      order by r.question, r.seat`,
  );
  const found = all.filter((late) => takesLate(late, tier, late.answer));
  const noted = await notesOf(deps, found);
  const missing = found.filter(
    (report) => !noted.get(report.question)?.some((note) => note.includes(bare(report))),
  );
  const late = [...Map.groupBy(missing, ({ question }) => question)]
    .slice(0, MOST)
    .map(([question, reports]) => ({
      question,
      epoch: reports[0]?.epoch ?? 0,
      round: reports[0]?.round ?? 0,
      entries: packEntries(reports),
    }));
  if (late.length === 0) return;
  const data = encodeFunctionData({ abi: epochsAbi, functionName: "note", args: [late] });
  await send(deps, {
    key: `oracle:late:${keccak256(data).slice(2, 34)}`,
    to: deps.addresses.epochs,
    data,
    purpose: "late",
  });
}

const bare = (report: Late): string => packEntries([report]).slice(2);

/** What was logged as late, by question. Anybody may log anything: only the very bytes of a report are that report. */
async function notesOf({ store }: WorkerDeps, late: readonly Late[]): Promise<Map<string, string[]>> {
  const ids = [...new Set(late.map(({ question }) => question))];
  const notes = await rows<{ question: string; entries: string }>(
    store.db,
    sql`select question, entries from oracle.late_reports where question = any(${ids}::text[])`,
  );
  const byQuestion = Map.groupBy(notes, ({ question }) => question);
  return new Map([...byQuestion].map(([question, all]) => [question, all.map(({ entries }) => entries)]));
}
