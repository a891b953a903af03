import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import {
  type Batch,
  drawSeats,
  jurySeed,
  eligibleJurors,
  type FaultKind,
  type HeldCommitment,
  type Jury,
  type JuryBallot,
  leastJurors,
} from "../core/index.ts";

export type Juror = { signer: Hex; weight: bigint };
/** A jury as the logs tell it. */
export type StoredJury = {
  id: Hex;
  jury: Jury;
  dispute: Hex | null;
  question: Hex | null;
  votesWord: bigint;
  closed: boolean;
  choice: number;
  /** Of the snapshot that it is drawn from, in its order. */
  jurors: readonly Juror[];
  seed: Hex | null;
  /** Who holds each seat; null before the seed. */
  seats: number[] | null;
  openedBlock: number;
  openedLog: number;
};

type Row = {
  id: Hex;
  arbitrable: Address;
  subject: Hex;
  size: number;
  juror_epoch: number;
  excluded: Hex;
  fee: bigint;
  opened_at: number;
  beacon_round: bigint;
  dispute: Hex | null;
  question: Hex | null;
  votes: bigint;
  closed: boolean;
  choice: number;
  seed: Hex | null;
  block: number;
  log: number;
};

const columns = sql`j.*, s.seed, d.question from oracle.juries j left join oracle.seeds s on s.round = j.beacon_round
  left join oracle.disputes d on d.id = j.dispute`;

/** Where a page of juries ended. */
export type JuryPlace = { block: number; logIndex: number };

/** Newest first. */
export const listJuries = async (
  db: Executor,
  { before, limit }: { before?: JuryPlace | undefined; limit: number },
): Promise<StoredJury[]> =>
  withJurors(
    db,
    await rows<Row>(
      db,
      sql`select ${columns} where ${before ? sql`(j.block, j.log) < (${before.block}, ${before.logIndex})` : sql`true`}
        order by j.block desc, j.log desc limit ${limit}`,
    ),
  );

/** Juries held in memory at once. */
const PAGE = 500;

/** All that are not closed, oldest first: those that only wait must not hide the ones behind them. */
export async function* openJuries(db: Executor, page = PAGE): AsyncGenerator<StoredJury> {
  let after: JuryPlace = { block: -1, logIndex: -1 };
  for (;;) {
    const found = await rows<Row>(
      db,
      sql`select ${columns} where not j.closed and (j.block, j.log) > (${after.block}, ${after.logIndex})
        order by j.block, j.log limit ${page}`,
    );
    yield* await withJurors(db, found);
    const last = found.at(-1);
    if (found.length < page || !last) return;
    after = { block: last.block, logIndex: last.log };
  }
}

export async function juriesByIds(db: Executor, ids: readonly string[]): Promise<StoredJury[]> {
  if (ids.length === 0) return [];
  const found = await rows<Row>(
    db,
    sql`select ${columns} where j.id = any(${ids.map((id) => id.toLowerCase())}::text[]) order by j.block, j.log`,
  );
  return withJurors(db, found);
}

export const juryById = async (db: Executor, id: string): Promise<StoredJury | undefined> =>
  (await juriesByIds(db, [id]))[0];

/** Rounds of the beacon that open juries wait for. */
export async function roundsWaitedFor(db: Executor): Promise<bigint[]> {
  const found = await rows<{ round: bigint }>(
    db,
    sql`select j.beacon_round as round from oracle.juries j
      where not j.closed and not exists (select 1 from oracle.seeds s where s.round = j.beacon_round)`,
  );
  return found.map(({ round }) => round);
}

async function withJurors(db: Executor, found: readonly Row[]): Promise<StoredJury[]> {
  const epochs = [...new Set(found.map(({ juror_epoch: epoch }) => epoch))];
  const jurors = await rows<Juror & { epoch: number }>(
    db,
    sql`select epoch, signer, weight from oracle.jurors where epoch = any(${epochs}::bigint[]) order by epoch, juror`,
  );
  const byEpoch = Map.groupBy(jurors, ({ epoch }) => epoch);
  return found.map((row) => fromRow(row, byEpoch.get(row.juror_epoch) ?? []));
}

function fromRow(row: Row, jurors: readonly Juror[]): StoredJury {
  const excluded = BigInt(row.excluded);
  const weights = jurors.map(({ weight }) => weight);
  const canBeDrawn = eligibleJurors(weights, excluded) >= leastJurors(row.size);
  return {
    id: row.id,
    jury: {
      arbitrable: row.arbitrable,
      subject: row.subject,
      size: row.size,
      jurorEpoch: row.juror_epoch,
      excluded,
      fee: row.fee,
      openedAt: row.opened_at,
      beaconRound: row.beacon_round,
    },
    dispute: row.dispute,
    question: row.question,
    votesWord: row.votes,
    closed: row.closed,
    choice: row.choice,
    jurors,
    seed: row.seed,
    seats: row.seed && canBeDrawn ? drawSeats(weights, excluded, row.size, jurySeed(row.seed, row.id)) : null,
    openedBlock: row.block,
    openedLog: row.log,
  };
}

/* WHAT JURORS HANDED OVER */

export const commitmentsOf = (db: Executor, jury: Hex) =>
  rows<HeldCommitment>(
    db,
    sql`select juror, commitment, signature from oracle.commitments where jury = ${jury} order by juror`,
  );

export const openingsOf = (db: Executor, jury: Hex) =>
  rows<JuryBallot>(
    db,
    sql`select juror, choice, salt from oracle.openings where jury = ${jury} order by juror`,
  );

/** Batches that were formed here, and whether the chain has them. */
export const batchesOf = (db: Executor, jury: Hex) =>
  rows<Batch>(
    db,
    sql`select b.batch, b.commitments, p.batch is not null as posted from oracle.batches b
      left join oracle.jury_posts p on p.jury = b.jury and p.batch = b.batch
      where b.jury = ${jury} order by b.formed_at, b.batch`,
  );

export const keepBatch = (
  db: Executor,
  o: { jury: Hex; batch: Hex; commitments: readonly Hex[]; formedAt: number },
) =>
  sql`insert into oracle.batches (jury, batch, commitments, formed_at)
    values (${o.jury}, ${o.batch}, ${[...o.commitments]}::text[], ${o.formedAt}) on conflict do nothing`.execute(
    db,
  );

/** What a juror handed over before. */
export const commitmentBy = (db: Executor, jury: Hex, juror: number) =>
  one<HeldCommitment>(
    db,
    sql`select juror, commitment, signature from oracle.commitments where jury = ${jury} and juror = ${juror}`,
  );

export const ownCommitsOf = (db: Executor, jury: Hex) =>
  rows<{ juror: number; commitment: Hex }>(
    db,
    sql`select juror, commitment from oracle.jury_own_commits where jury = ${jury}`,
  );

export const faultsOf = (db: Executor, jury: Hex) =>
  rows<{ juror: number; kind: FaultKind }>(
    db,
    sql`select juror, kind from oracle.juror_faults where jury = ${jury} order by juror, kind`,
  );
