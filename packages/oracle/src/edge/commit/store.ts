import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { CommitBatch, SeatCommitment, OpenedReport } from "../../core/index.ts";

/** A commitment as a provider handed it over and as it was checked. Addresses are lower-case. */
export type StoredCommitment = SeatCommitment & {
  question: Hex;
  signer: Hex;
  weight: bigint;
  signature: Hex;
  /** Chain time. */
  receivedAt: number;
};
export type CommitmentKey = Pick<StoredCommitment, "question" | "round" | "epoch" | "phase" | "signer">;
export type StoredBatch = CommitBatch & { question: Hex; epoch: number };

const commitmentColumns = sql`question, round, epoch, phase, signer, seat, weight, commitment, signature,
  received_at as "receivedAt"`;

/** False when this key handed one over for the phase before. */
export async function insertCommitment(db: Executor, held: StoredCommitment): Promise<boolean> {
  const stored = await one(
    db,
    sql`insert into oracle.report_commitments (question, round, epoch, phase, signer, seat, weight, commitment, signature,
        received_at)
      values (${held.question}, ${held.round}, ${held.epoch}, ${held.phase}, ${held.signer}, ${held.seat},
        ${String(held.weight)}, ${held.commitment}, ${held.signature}, ${held.receivedAt})
      on conflict do nothing returning signer`,
  );
  return stored !== undefined;
}

export const commitmentBy = (db: Executor, key: CommitmentKey): Promise<StoredCommitment | undefined> =>
  one<StoredCommitment>(
    db,
    sql`select ${commitmentColumns} from oracle.report_commitments where question = ${key.question}
      and round = ${key.round} and epoch = ${key.epoch} and phase = ${key.phase} and signer = ${key.signer}`,
  );

/** @param since the first phase that is wanted; what was before is of use for nobody but who tells the story */
export const commitmentsOf = (
  db: Executor,
  questions: readonly string[],
  since: number,
): Promise<StoredCommitment[]> =>
  rows<StoredCommitment>(
    db,
    sql`select ${commitmentColumns} from oracle.report_commitments where question = any(${questions}::text[])
      and phase >= ${since} order by question, round, epoch, phase, seat`,
  );

export async function insertBatch(
  tx: Executor,
  { question, round, epoch, phase, chained, commitments }: Omit<StoredBatch, "posted">,
  now: number,
): Promise<void> {
  await sql`insert into oracle.commit_batches (question, round, epoch, phase, chained, commitments, formed_at)
    values (${question}, ${round}, ${epoch}, ${phase}, ${chained}, ${commitments}::text[], ${now})
    on conflict do nothing`.execute(tx);
}

/** Oldest first, of the phases from `since` on. */
export const batchesOf = (
  db: Executor,
  questions: readonly string[],
  since: number,
): Promise<StoredBatch[]> =>
  rows<StoredBatch>(
    db,
    sql`select b.question, b.round, b.epoch, b.phase, b.chained, b.commitments, exists (
        select 1 from oracle.posted_commits p where p.question = b.question and p.round = b.round
          and p.phase = b.phase and p.chained = b.chained) as posted
      from oracle.commit_batches b where b.question = any(${questions}::text[]) and b.phase >= ${since}
      order by b.question, b.formed_at, b.chained`,
  );

/** What was opened in a phase; the first stays, and a second could not differ from it. */
export async function insertOpening(
  db: Executor,
  { question, round, epoch, phase, signer }: CommitmentKey,
  { secret, salt, at }: { secret: Hex; salt: Hex; at: number },
): Promise<void> {
  await sql`insert into oracle.report_openings (question, round, epoch, phase, signer, secret, salt, received_at)
    values (${question}, ${round}, ${epoch}, ${phase}, ${signer}, ${secret}, ${salt}, ${at})
    on conflict do nothing`.execute(db);
}

export type StoredOpening = OpenedReport & {
  question: Hex;
  round: number;
  epoch: number;
  signer: Hex;
  secret: Hex;
};

const openingColumns = sql`o.question, o.round, o.epoch, o.phase, o.signer, o.secret, o.salt, r.seat, r.value, r.signature
  from oracle.report_openings o join oracle.reports r on r.question = o.question and r.round = o.round
    and r.epoch = o.epoch and r.signer = o.signer`;

/** The last of each signer in each round and epoch: what was shown once is known, however many phases ago. */
export const lastOpeningsOf = (db: Executor, questions: readonly string[]): Promise<StoredOpening[]> =>
  rows<StoredOpening>(
    db,
    sql`select distinct on (o.question, o.round, o.epoch, o.signer) ${openingColumns}
      where o.question = any(${questions}::text[]) order by o.question, o.round, o.epoch, o.signer, o.phase desc`,
  );

/** With the reports that they open; those of the last phase first. */
export const openingsOf = (db: Executor, questions: readonly string[]): Promise<StoredOpening[]> =>
  rows<StoredOpening>(
    db,
    sql`select ${openingColumns} where o.question = any(${questions}::text[]) order by o.question, o.phase desc, r.seat`,
  );

/** Where the chain holds the hash of each batch of this server, if it does. */
export const postedBatches = async (db: Executor, question: string) => {
  const found = await rows<{
    round: number;
    epoch: number;
    phase: number;
    size: number;
    at: number | null;
    transaction: Hex | null;
  }>(
    db,
    sql`select b.round, b.epoch, b.phase, cardinality(b.commitments) as size, p.at, p.tx as transaction
      from oracle.commit_batches b left join lateral (select at, tx from oracle.posted_commits p
        where p.question = b.question and p.round = b.round and p.phase = b.phase and p.chained = b.chained
        order by p.block, p.log limit 1) p on true
      where b.question = ${question} order by b.phase, b.formed_at, b.chained`,
  );
  return found.map(({ at, transaction, ...batch }) => ({
    ...batch,
    posted: at === null || transaction === null ? null : { at, transaction },
  }));
};

/**
 * Forgets what was handed over for phases before `since` of questions that are open still: of an answered one it is kept,
 * because it shows how the answer was made. Of what was opened the last of each signer stays, see `lastOpeningsOf`.
 */
export async function prunePhases(
  tx: Executor,
  { since, commitTier }: { since: number; commitTier: bigint },
): Promise<void> {
  const open = sql`select id from oracle.questions where state = 'open' and secures >= ${String(commitTier)}`;
  await sql`delete from oracle.report_commitments where phase < ${since} and question in (${open})`.execute(
    tx,
  );
  await sql`delete from oracle.commit_batches where phase < ${since} and question in (${open})`.execute(tx);
  await sql`delete from oracle.report_openings o where phase < ${since} and question in (${open}) and exists (
    select 1 from oracle.report_openings later where later.question = o.question and later.signer = o.signer
      and later.phase > o.phase)`.execute(tx);
}
