import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import type { wireSlash } from "../core/index.ts";

export type SlashFilter = { owner?: string; before?: { block: number; logIndex: number }; limit: number };
/** A slash as it is told, and its place in the chain. */
export type StoredSlash = { slash: z.infer<typeof wireSlash>; place: string };

type Row = {
  block: number;
  log: number;
  owner: Address;
  fault: Hex;
  challenger: Address | null;
  amount: bigint;
  at: number;
  tx: Hex;
  reason: string;
  question: Hex | null;
};

/** Newest first. The stake manager logs a fault's id alone: what it stands for, the logs of the others tell. */
export async function listSlashes(db: Executor, filter: SlashFilter): Promise<StoredSlash[]> {
  const { owner, before, limit } = filter;
  const found = await rows<Row>(
    db,
    sql`select s.block, s.log, s.owner, s.fault, s.challenger, s.amount, s.at, s.tx,
        case when d.id is not null then case d.outcome when 'reopen' then 'too early' else 'overturned' end
          when f.kind is not null then 'juror ' || f.kind
          when n.fault is not null then n.reason
          when e.tx is not null then 'equivocation' else 'unknown' end as reason,
        coalesce(d.question, n.question, jd.question) as question
      from oracle.slashes s
      left join oracle.disputes d on d.id = s.fault
      left join oracle.juror_faults f on f.fault = s.fault
      left join oracle.juries j on j.id = f.jury
      left join oracle.disputes jd on jd.id = j.dispute
      left join oracle.named_faults n on n.fault = s.fault
      left join oracle.shown_equivocations e on e.tx = s.tx and e.owner = s.owner
      where ${owner ? sql`s.owner = ${owner.toLowerCase()}` : sql`true`}
        and ${before ? sql`(s.block, s.log) < (${before.block}, ${before.logIndex})` : sql`true`}
      order by s.block desc, s.log desc limit ${limit}`,
  );
  return found.map(({ block, log, tx, amount, ...row }) => ({
    slash: { ...row, amount: String(amount), transaction: tx },
    place: `${block}:${log}`,
  }));
}
