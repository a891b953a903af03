import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  type BatchClaim,
  type BatchName,
  type BatchSignature,
  type CommitBatch,
  type OpenedReport,
  pieceAt,
  type SeatCommitment,
} from "../../core/index.ts";

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
/** `seats` and `signatures`: the claims, in the order of the commitments. */
export type StoredBatch = CommitBatch & {
  question: Hex;
  epoch: number;
  seats: number[] | null;
  signatures: Hex[] | null;
};
/** What a provider signed under a batch, as it was checked. */
export type StoredSignature = BatchSignature & { question: Hex; signer: Hex; receivedAt: number };

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
  o: Omit<StoredBatch, "posted" | "seats" | "signatures" | "commitments"> & { claims: readonly BatchClaim[] },
  now: number,
): Promise<void> {
  const { question, round, epoch, phase, chained, adopted, claims } = o;
  await sql`insert into oracle.commit_batches (question, round, epoch, phase, chained, commitments, seats, signatures,
      adopted, formed_at)
    values (${question}, ${round}, ${epoch}, ${phase}, ${chained}, ${claims.map(({ commitment }) => commitment)}::text[],
      ${claims.map(({ seat }) => seat)}::int[], ${claims.map(({ signature }) => signature)}::text[], ${adopted}, ${now})
    on conflict (question, round, phase, chained)
      do update set adopted = commit_batches.adopted and excluded.adopted`.execute(tx);
}

/** Oldest first, of the phases from `since` on. */
export const batchesOf = (
  db: Executor,
  questions: readonly string[],
  since: number,
): Promise<StoredBatch[]> =>
  rows<StoredBatch>(
    db,
    sql`select b.question, b.round, b.epoch, b.phase, b.chained, b.commitments, b.seats, b.signatures, b.adopted, exists (
        select 1 from oracle.posted_commits p where p.question = b.question and p.round = b.round
          and p.phase = b.phase and p.chained = b.chained) as posted
      from oracle.commit_batches b where b.question = any(${questions}::text[]) and b.phase >= ${since}
      order by b.question, b.formed_at, b.chained`,
  );

const signatureColumns = sql`question, round, epoch, phase, signer, seat, chained, signature, received_at as "receivedAt"`;

/** False when this key signed a batch of the phase before, this one or another. */
export async function insertSignature(db: Executor, signed: StoredSignature): Promise<boolean> {
  const stored = await one(
    db,
    sql`insert into oracle.batch_signatures (question, round, epoch, phase, signer, seat, chained, signature, received_at)
      values (${signed.question}, ${signed.round}, ${signed.epoch}, ${signed.phase}, ${signed.signer}, ${signed.seat},
        ${signed.chained}, ${signed.signature}, ${signed.receivedAt})
      on conflict do nothing returning signer`,
  );
  return stored !== undefined;
}

export const signatureBy = (db: Executor, key: CommitmentKey): Promise<StoredSignature | undefined> =>
  one<StoredSignature>(
    db,
    sql`select ${signatureColumns} from oracle.batch_signatures where question = ${key.question}
      and round = ${key.round} and epoch = ${key.epoch} and phase = ${key.phase} and signer = ${key.signer}`,
  );

/** @param since the first phase that is wanted */
export const signaturesOf = (
  db: Executor,
  questions: readonly string[],
  since: number,
): Promise<StoredSignature[]> =>
  rows<StoredSignature>(
    db,
    sql`select ${signatureColumns} from oracle.batch_signatures where question = any(${questions}::text[])
      and phase >= ${since} order by question, round, epoch, phase, seat`,
  );

/** Other batches of the phase that the chain holds, with who signed them. */
export const otherPosted = (
  db: Executor,
  { question, round, epoch, phase, chained }: BatchName,
): Promise<{ chained: Hex; seats: bigint; signatures: Hex }[]> =>
  rows(
    db,
    sql`select chained, seats::numeric as seats, signatures from oracle.posted_commits where question = ${question}
      and round = ${round} and epoch = ${epoch} and phase = ${phase} and chained <> ${chained}`,
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

/** How long what led to an answer is kept, to show how it was made; seconds. */
const KEPT_SECONDS = 30 * 86_400;

/**
 * Forgets what was handed over for phases before the last of questions that can be answered still; of what was opened the
 * last of each signer stays, see `lastOpeningsOf`. Of a question that ended all is kept for a month, because it shows how
 * its answer was made, and for longer while that is not final.
 */
export async function prunePhases(
  tx: Executor,
  { now, seconds, commitTier }: { now: number; seconds: number; commitTier: bigint },
): Promise<void> {
  const since = pieceAt(now, seconds).phase - 1;
  const open = sql`select id from oracle.questions where state = 'open' and deadline >= ${now}
    and secures >= ${String(commitTier)}`;
  const old = pieceAt(Math.max(0, now - KEPT_SECONDS), seconds).phase;
  for (const name of PHASED) {
    const table = sql.ref(`oracle.${name}`);
    const isLast =
      name === "report_openings"
        ? sql`not exists (select from oracle.report_openings later where later.question = handed.question
            and later.signer = handed.signer and later.phase > handed.phase)`
        : sql`false`;
    await sql`delete from ${table} handed where phase < ${since} and question in (${open}) and not ${isLast}`.execute(
      tx,
    );
    await sql`delete from ${table} handed where phase < ${old} and not exists (
      select from oracle.questions q where q.id = handed.question and (q.state = 'disputed'
        or (q.state = 'answered' and q.finalize_at > ${now}) or (q.state = 'open' and q.deadline >= ${now})))`.execute(
      tx,
    );
  }
}
const PHASED = ["report_commitments", "commit_batches", "batch_signatures", "report_openings"] as const;
