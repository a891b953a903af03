import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type Aggregation,
  MAX_DOMAINS,
  type EndedQuestion,
  type OracleDomain,
  seatsOf,
  takesLate,
} from "../../core/index.ts";
import { lateValues, recoverSigners } from "./late-values.ts";
import { lateLogsOf, type StoredLate } from "./recovered-reports.ts";

type Row = {
  id: Hex;
  aggregation: Aggregation;
  tolerance: bigint;
  secures: bigint;
  finalAt: number;
  value: bigint;
  seats: number;
  epoch: number;
  signedValue: bigint;
  signedSeats: number;
  signedEpoch: number;
  signedRound: number;
  report: Hex;
};
type SeatRow = { epoch: number; seat: number; signer: string; owner: Address; weight: bigint };
type Span = { domain: number; since: number; until: number };

/** Where signatures count, and from what a question secures on what is logged late is nobody's; collateral. */
export type RecordDomain = OracleDomain & { commitTier: bigint };

/** Answered questions of a domain whose end came to stand after `since` and not after `until`; chain time. */
export async function endedQuestions(
  db: Executor,
  at: RecordDomain,
  { domain, since, until }: Span,
): Promise<EndedQuestion[]> {
  const found = await rows<Row>(
    db,
    sql`select q.id, q.aggregation, q.tolerance, q.secures, q.finalize_at as "finalAt", q.value, q.seats, q.epoch,
        s.value as "signedValue", s.seats as "signedSeats", s.epoch as "signedEpoch", s.round as "signedRound", s.report
      from oracle.questions q join oracle.signed_answers s on s.question = q.id
      where q.domain = ${domain} and q.state = 'answered' and q.aggregation <> 'root'
        and q.finalize_at > ${since} and q.finalize_at <= ${until}`,
  );
  if (found.length === 0) return [];
  const epochs = [...new Set(found.flatMap(({ epoch, signedEpoch }) => [epoch, signedEpoch]))];
  const [seats, late] = await Promise.all([
    seatRows(db, domain, epochs),
    lateLogsOf(
      db,
      found.map(({ id }) => id),
    ),
  ]);
  const setOf = Map.groupBy(seats, ({ epoch }) => epoch);
  return found.map((row) => {
    const set = setOf.get(row.signedEpoch) ?? [];
    const logs = (late.get(row.id) ?? []).filter(
      ({ epoch, round }) => epoch === row.signedEpoch && round === row.signedRound,
    );
    const isSignedFirst = row.seats === row.signedSeats && row.epoch === row.signedEpoch;
    const again = setOf.get(row.epoch) ?? [];
    return {
      id: row.id,
      terms: { aggregation: row.aggregation, domain, tolerance: row.tolerance },
      finalAt: row.finalAt,
      value: row.value,
      signed: {
        value: row.signedValue,
        seats: BigInt(row.signedSeats),
        report: row.report,
        set: set.map(({ owner, weight }) => ({ owner, weight })),
      },
      resigned: isSignedFirst
        ? []
        : seatsOf(BigInt(row.seats)).flatMap((seat) => again.find((one) => one.seat === seat)?.owner ?? []),
      late: takesLate(row, at.commitTier, row.signedValue)
        ? lateValues(at, logs, set, (log) => signersOf(at, log))
        : new Map(),
    };
  });
}

const signersOf = (at: OracleDomain, log: StoredLate) => log.signers ?? recoverSigners(at, log);

const seatRows = (db: Executor, domain: number, epochs: readonly number[]) =>
  rows<SeatRow>(
    db,
    sql`select seat.epoch, seat.seat, seat.signer, s.owner, seat.weight
      from oracle.seats seat join oracle.signers s on s.signer = seat.signer
      where seat.domain = ${domain} and seat.epoch = any(${epochs}::bigint[]) order by seat.epoch, seat.seat`,
  );

/** The same of all domains. */
export async function endedEverywhere(
  db: Executor,
  at: RecordDomain,
  span: Omit<Span, "domain">,
): Promise<EndedQuestion[]> {
  const ended: EndedQuestion[] = [];
  for (let domain = 0; domain < MAX_DOMAINS; domain += 1)
    ended.push(...(await endedQuestions(db, at, { ...span, domain })));
  return ended;
}
