import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { HeldReport } from "../core/index.ts";

/** A report as a provider handed it over and as it was checked. Addresses are lower-case. */
export type StoredReport = HeldReport & {
  question: Hex;
  signer: Hex;
  weight: bigint;
  evidence: Hex;
  evidenceSignature: Hex;
  /** Chain time. */
  receivedAt: number;
};

/** What a key said, as far as two of them prove that it equivocates. */
export type Said = Pick<
  StoredReport,
  "question" | "round" | "epoch" | "signer" | "value" | "root" | "signature"
>;

const columns = sql`question, round, epoch, signer, seat, weight, value, root, signature, evidence,
  evidence_signature as "evidenceSignature", received_at as "receivedAt"`;

/** What this key handed over for a round and epoch before. */
export const reportOf = (
  db: Executor,
  key: { question: Hex; round: number; epoch: number; signer: string },
): Promise<StoredReport | undefined> =>
  one<StoredReport>(
    db,
    sql`select ${columns} from oracle.reports where question = ${key.question} and round = ${key.round}
      and epoch = ${key.epoch} and signer = ${key.signer}`,
  );

/** Stores a report with its evidence. False when this key handed one over meanwhile. */
export async function insertReport(tx: Executor, report: StoredReport, body: string): Promise<boolean> {
  const stored = await one(
    tx,
    sql`with report as (
      insert into oracle.reports (question, round, epoch, signer, seat, weight, value, root, signature, evidence,
        evidence_signature, received_at)
      values (${report.question}, ${report.round}, ${report.epoch}, ${report.signer}, ${report.seat},
        ${String(report.weight)}, ${String(report.value)}, ${report.root ?? null}, ${report.signature}, ${report.evidence},
        ${report.evidenceSignature}, ${report.receivedAt})
      on conflict do nothing returning evidence, question, round, signer, received_at),
    body as (
      insert into oracle.evidence (hash, body, question, round, signer, received_at)
      select evidence, ${body}, question, round, signer, received_at from report on conflict do nothing)
    select signer from report`,
  );
  return stored !== undefined;
}

/** Weight that has reported on a question in this round and epoch. */
export async function reportedWeight(
  db: Executor,
  { question, round, epoch }: Pick<StoredReport, "question" | "round" | "epoch">,
): Promise<bigint> {
  const found = await one<{ weight: bigint }>(
    db,
    sql`select coalesce(sum(weight), 0) as weight from oracle.reports
      where question = ${question} and round = ${round} and epoch = ${epoch}`,
  );
  return found?.weight ?? 0n;
}

/** Keeps the proof that a key signed two values; the first such pair of a round and epoch is enough. */
export async function keepEquivocation(
  db: Executor,
  first: Said,
  second: { value: bigint; root: Hex | null; signature: string },
  seenAt: number,
): Promise<void> {
  await sql`insert into oracle.equivocations (question, round, epoch, signer, first_value, first_root, first_signature,
      second_value, second_root, second_signature, seen_at)
    values (${first.question}, ${first.round}, ${first.epoch}, ${first.signer}, ${String(first.value)},
      ${first.root ?? null}, ${first.signature}, ${String(second.value)}, ${second.root}, ${second.signature}, ${seenAt})
    on conflict do nothing`.execute(db);
}

/** All reports of these questions, by question. */
export async function reportsOf(
  db: Executor,
  questions: readonly string[],
): Promise<Map<string, StoredReport[]>> {
  const found = await rows<StoredReport>(
    db,
    sql`select ${columns} from oracle.reports where question = any(${questions}::text[])
      order by question, round, epoch, seat`,
  );
  return Map.groupBy(found, ({ question }) => question);
}

export const evidenceBody = (
  db: Executor,
  hash: string,
): Promise<{ body: string; question: Hex } | undefined> =>
  one(db, sql`select body, question from oracle.evidence where hash = ${hash}`);

export const evidenceBodies = (db: Executor, hashes: readonly string[]) =>
  rows<{ hash: Hex; body: string }>(
    db,
    sql`select hash, body from oracle.evidence where hash = any(${hashes}::text[])`,
  );
