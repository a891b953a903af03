import { epochsAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256 } from "viem";
import { packEntries } from "../../core/index.ts";
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
  const found = await rows<Late>(
    deps.store.db,
    sql`select r.question, r.epoch, r.round, r.seat, r.value, r.signature
      from oracle.questions q
      join oracle.signed_answers s on s.question = q.id
      join oracle.reports r on r.question = q.id and r.epoch = s.epoch and r.round = s.round
      where q.state = 'answered' and q.aggregation <> 'root' and q.finalize_at > ${now}
        and q.finalize_at - q.liveness / 2 <= ${now} and (s.seats >> r.seat) & 1 = 0
        and not exists (select from oracle.late_reports l where l.question = q.id)
      order by r.question, r.seat`,
  );
  const late = [...Map.groupBy(found, ({ question }) => question)]
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
