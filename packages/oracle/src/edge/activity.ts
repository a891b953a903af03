import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { labelOf, type QuestionSchema } from "../core/index.ts";

/** Something that happened on chain to a question. Times are the block's. */
export type OracleActivity = {
  kind: "asked" | "answered" | "reopened" | "reward" | "refund";
  at: number;
  block: number;
  logIndex: number;
  transaction: Hex;
  /** The asker, of what he did himself. */
  who: Address | null;
  question: Hex;
  title: string;
  label: string | null;
  /** The reward asked with, or settled: to who answered, or as a refund to the asker; collateral. */
  amount: bigint | null;
};

type Row = Omit<OracleActivity, "label" | "title"> & { schema: QuestionSchema; value: bigint | null };
export type ActivityFilter = {
  /** Strictly before this place in the chain. */
  before?: { block: number; logIndex: number };
  question?: string;
  asker?: string;
  limit: number;
};

/** Latest first. Each part reads its own index no further than `limit`. */
export async function recentOracleActivity(db: Executor, filter: ActivityFilter): Promise<OracleActivity[]> {
  const { before, question, asker, limit } = filter;
  const where = (block: string, log: string) =>
    sql.join(
      [
        sql`true`,
        ...(before
          ? [sql`(${sql.ref(block)}, ${sql.ref(log)}) < (${before.block}, ${before.logIndex})`]
          : []),
        ...(question ? [sql`q.id = ${question.toLowerCase()}`] : []),
        ...(asker ? [sql`q.asker = ${asker.toLowerCase()}`] : []),
      ],
      sql` and `,
    );
  const found = await rows<Row>(
    db,
    sql`select * from (
      (select 'asked' as kind, q.asked_at as at, q.asked_block as block, q.asked_log as "logIndex", q.asked_tx as transaction,
        q.asker as who, q.id as question, q.schema, null::numeric as value, q.reward as amount
        from oracle.questions q where ${where("q.asked_block", "q.asked_log")}
        order by q.asked_block desc, q.asked_log desc limit ${limit})
      union all
      (select 'answered', q.answered_at, q.answered_block, q.answered_log, q.answered_tx,
        null, q.id, q.schema, q.value, null
        from oracle.questions q where q.state = 'answered' and q.answered_at is not null and ${where("q.answered_block", "q.answered_log")}
        order by q.answered_block desc, q.answered_log desc limit ${limit})
      union all
      (select 'reopened', o.at, o.block, o.log, o.tx, null, q.id, q.schema, null, null
        from oracle.reopenings o join oracle.questions q on q.id = o.question where ${where("o.block", "o.log")}
        order by o.block desc, o.log desc limit ${limit})
      union all
      (select case when q.refunded then 'refund' else 'reward' end, q.settled_at, q.settled_block, q.settled_log, q.settled_tx, null, q.id, q.schema, null, q.reward
        from oracle.questions q where q.reward_settled and ${where("q.settled_block", "q.settled_log")}
        order by q.settled_block desc, q.settled_log desc limit ${limit})
    ) happened order by block desc, "logIndex" desc limit ${limit}`,
  );
  return found.map(({ schema, value, ...row }) =>
    Object.assign(row, { title: schema.text, label: value === null ? null : labelOf(value, schema) }),
  );
}
