import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type Dispute,
  type DisputeOutcome,
  type DisputeStage,
  type LadderStake,
  type Pause,
} from "../core/index.ts";
import { appealReasonsOf, type StoredAppealReason } from "./appeal-reasons.ts";

export type DisputeStepRow = {
  kind: "rereported" | "convened" | "verdict" | "appealed" | "concluded";
  at: number;
  transaction: Hex;
  value: bigint | null;
  jury: Hex | null;
  tier: number | null;
  choice: number | null;
  who: Address | null;
  until: number | null;
};
/** A dispute with its case, as the logs tell them. */
export type StoredDispute = {
  id: Hex;
  dispute: Dispute;
  reason: { hash: Hex; text: string | null } | null;
  stage: DisputeStage;
  tier: number;
  verdict: number;
  /** Court clock. */
  until: number | null;
  heldClaim: bigint | null;
  jury: Hex | null;
  outcome: DisputeOutcome | null;
  /** 0 none had a verdict, else the ladder's choice; null while open. */
  choice: number | null;
  openedIn: Hex;
  openedBlock: number;
  openedLog: number;
  endedAt: number | null;
  endedIn: Hex | null;
  steps: readonly DisputeStepRow[];
  appealReasons: readonly StoredAppealReason[];
  stakes: readonly LadderStake[];
  awards: readonly { who: Address; amount: bigint }[];
  juries: readonly { id: Hex; fee: bigint; closed: boolean; choice: number }[];
};

type Row = Omit<Dispute, "claimRoot"> & {
  id: Hex;
  claim_root: Hex;
  reason: Hex | null;
  reason_text: string | null;
  block: number;
  log: number;
  tx: Hex;
  stage: DisputeStage;
  tier: number;
  verdict: number;
  until: number | null;
  held_claim: bigint | null;
  jury: Hex | null;
  outcome: DisputeOutcome | null;
  choice: number | null;
  ended_at: number | null;
  ended_tx: Hex | null;
};

export type DisputeFilter = {
  question?: string;
  stage?: DisputeStage;
  disputer?: string;
  before?: { block: number; logIndex: number };
  limit: number;
};

/** Newest first. */
export async function listDisputes(db: Executor, filter: DisputeFilter): Promise<StoredDispute[]> {
  const { question, stage, disputer, before, limit } = filter;
  const conditions = [
    sql`true`,
    ...(question ? [sql`d.question = ${question.toLowerCase()}`] : []),
    ...(stage ? [sql`d.stage = ${stage}`] : []),
    ...(disputer ? [sql`d.disputer = ${disputer.toLowerCase()}`] : []),
    ...(before ? [sql`(d.block, d.log) < (${before.block}, ${before.logIndex})`] : []),
  ];
  return load(
    db,
    sql`where ${sql.join(conditions, sql` and `)} order by d.block desc, d.log desc limit ${limit}`,
  );
}

/** Where a page of open disputes ended. */
export type DisputePlace = { at: number; id: Hex };

/** Those about which something may be due, oldest first, behind `after`. */
export const openDisputes = (
  db: Executor,
  { after, limit }: { after?: DisputePlace | undefined; limit: number },
): Promise<StoredDispute[]> =>
  // A correction that no jury has heard needs nobody's step.
  load(
    db,
    sql`where d.stage <> 'done' and (d.stage <> 'corrected'
        or exists (select from oracle.questions q where q.id = d.question and q.ruled))
        and ${after ? sql`(d.at, d.id) > (${after.at}, ${after.id})` : sql`true`}
      order by d.at, d.id limit ${limit}`,
  );

export async function disputeById(db: Executor, id: string): Promise<StoredDispute | undefined> {
  return (await load(db, sql`where d.id = ${id.toLowerCase()}`))[0];
}

/** How disputes ended so far. */
export async function disputeRecord(db: Executor): Promise<{ upheld: number; overturned: number }> {
  const [found] = await rows<{ upheld: number; overturned: number }>(
    db,
    sql`select count(*) filter (where outcome in ('uphold', 'restore')) as upheld,
      count(*) filter (where outcome in ('replace', 'reopen', 'invalid')) as overturned from oracle.disputes`,
  );
  return found ?? { upheld: 0, overturned: 0 };
}

/** Pauses in their order. */
export const pausesOf = (db: Executor): Promise<Pause[]> =>
  rows<Pause>(db, sql`select from_at as "from", until_at as until from oracle.pauses order by number`);

const own = <T extends { dispute: Hex }>(all: readonly T[], id: Hex): T[] =>
  all.filter(({ dispute }) => dispute === id);

async function load(db: Executor, where: ReturnType<typeof sql>): Promise<StoredDispute[]> {
  const found = await rows<Row>(
    db,
    sql`select d.*, (select r.text from oracle.reasons r where r.hash = d.reason) as reason_text from oracle.disputes d ${where}`,
  );
  const ids = found.map(({ id }) => id);
  const of = sql`where dispute = any(${ids}::text[])`;
  const [steps, stakes, awards, juries, reasons] = await Promise.all([
    rows<DisputeStepRow & { dispute: Hex }>(
      db,
      sql`select dispute, kind, at, tx as transaction, value, jury, tier, choice, who, until from oracle.dispute_steps ${of}
        order by block, log`,
    ),
    rows<LadderStake & { dispute: Hex }>(
      db,
      sql`select dispute, who, amount, side from oracle.dispute_stakes ${of} order by dispute, place`,
    ),
    rows<{ dispute: Hex; who: Address; amount: bigint }>(
      db,
      sql`select dispute, who, amount from oracle.dispute_awards ${of} order by block, log`,
    ),
    rows<{ dispute: Hex; id: Hex; fee: bigint; closed: boolean; choice: number }>(
      db,
      sql`select dispute, id, fee, closed, choice from oracle.juries ${of} order by block, log`,
    ),
    appealReasonsOf(db, ids),
  ]);
  return found.map((row) => ({
    id: row.id,
    dispute: {
      question: row.question,
      answer: row.answer,
      root: row.root,
      disputer: row.disputer,
      claim: row.claim,
      claimRoot: row.claim_root,
      deposit: row.deposit,
      at: row.at,
    },
    reason: row.reason === null ? null : { hash: row.reason, text: row.reason_text },
    stage: row.stage,
    tier: row.tier,
    verdict: row.verdict,
    until: row.until,
    heldClaim: row.held_claim,
    jury: row.jury,
    outcome: row.outcome,
    choice: row.choice,
    openedIn: row.tx,
    openedBlock: row.block,
    openedLog: row.log,
    endedAt: row.ended_at,
    endedIn: row.ended_tx,
    steps: own(steps, row.id),
    appealReasons: reasons.get(row.id) ?? [],
    stakes: own(stakes, row.id),
    awards: own(awards, row.id),
    juries: own(juries, row.id),
  }));
}
