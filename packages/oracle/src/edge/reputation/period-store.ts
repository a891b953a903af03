import type { Address, Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { ProviderRecord } from "../../core/index.ts";

/** A period that was worked out. Times are chain time. */
export type StoredPeriod = {
  domain: number;
  number: number;
  since: number;
  until: number;
  root: Hex;
  /** That counted in it. */
  questions: number;
};
/** What one provider did in a period, beside what his record says. */
export type Deeds = { answered: number; missed: number };

const period = sql`domain, number, since_at as since, until_at as until, root, questions`;

export const periodOf = (db: Executor, domain: number, number: number) =>
  one<StoredPeriod>(
    db,
    sql`select ${period} from oracle.periods where domain = ${domain} and number = ${number}`,
  );

/** The last period before `number` that was worked out. */
export const periodBefore = (db: Executor, domain: number, number: number) =>
  one<StoredPeriod>(
    db,
    sql`select ${period} from oracle.periods where domain = ${domain} and number < ${number} order by number desc limit 1`,
  );

type Row = Omit<ProviderRecord, "counts"> & { right: bigint; wrong: bigint; countsAt: number } & Deeds & {
    number: number;
    until: number;
  };

const record = sql`r.domain, r.owner, r.number, r.factor_bps as "factorBps", r.score, r.strikes,
  r.suspended_until as "suspendedUntil", r.cluster, r.counts_right as right, r.counts_wrong as wrong,
  r.counts_at as "countsAt", r.probation, r.rounds, r.premium, r.warnings, r.outside_at as "outsideAt",
  r.answered, r.missed`;

const fromRow = ({ right, wrong, countsAt, answered, missed, ...rest }: Row) => {
  const { owner, domain, score, factorBps, strikes, suspendedUntil } = rest;
  const { probation, rounds, premium, warnings, outsideAt, cluster } = rest;
  const counts = { right, wrong, at: countsAt };
  const standing = { owner, domain, counts, score, factorBps, strikes, suspendedUntil };
  const record: ProviderRecord = { ...standing, probation, rounds, premium, warnings, outsideAt, cluster };
  return { record, deeds: { answered, missed } };
};

/** What a period says of every provider, by owner. */
export async function recordsOf(db: Executor, domain: number, number: number) {
  const found = await rows<Row>(
    db,
    sql`select ${record} from oracle.period_records r where r.domain = ${domain} and r.number = ${number} order by r.owner`,
  );
  return found.map(fromRow);
}

/** What all periods say of one provider, oldest first. At most `limit` of each domain, the newest. */
export async function historyOf(db: Executor, owner: string, limit: number) {
  const found = await rows<Row>(
    db,
    sql`select * from (
      select ${record}, p.until_at as until, row_number() over (partition by r.domain order by r.number desc) as back
      from oracle.period_records r join oracle.periods p on p.domain = r.domain and p.number = r.number
      where r.owner = ${owner.toLowerCase()}) recent
    where back <= ${limit} order by domain, number`,
  );
  return found.map((row) => ({ number: row.number, until: row.until, ...fromRow(row) }));
}

/** Keeps a period with its records. Another worker's is the same: the first stays. */
export async function keepPeriod(
  tx: Executor,
  { domain, number, since, until, root, questions }: StoredPeriod,
  records: readonly ProviderRecord[],
  deeds: ReadonlyMap<string, Deeds>,
  now: number,
): Promise<void> {
  const kept = await one(
    tx,
    sql`insert into oracle.periods (domain, number, since_at, until_at, root, questions, computed_at)
      values (${domain}, ${number}, ${since}, ${until}, ${root}, ${questions}, ${now})
      on conflict do nothing returning number`,
  );
  if (!kept) return;
  for (const one of records) {
    const { answered, missed } = deeds.get(one.owner) ?? { answered: 0, missed: 0 };
    await sql`insert into oracle.period_records (domain, number, owner, factor_bps, score, strikes, suspended_until,
        cluster, counts_right, counts_wrong, counts_at, probation, rounds, premium, warnings, outside_at, answered, missed)
      values (${domain}, ${number}, ${one.owner}, ${one.factorBps}, ${one.score}, ${one.strikes}, ${one.suspendedUntil},
        ${one.cluster}, ${String(one.counts.right)}, ${String(one.counts.wrong)}, ${one.counts.at}, ${one.probation},
        ${one.rounds}, ${one.premium}, ${one.warnings}, ${one.outsideAt}, ${answered}, ${missed})`.execute(
      tx,
    );
  }
}

export type Standing = Pick<
  ProviderRecord,
  "owner" | "factorBps" | "score" | "strikes" | "suspendedUntil" | "cluster" | "premium"
> & { number: number };

/** What the stake manager knows of the providers of a domain. */
export async function standingsOf(db: Executor, domain: number): Promise<Map<Address, Standing>> {
  const found = await rows<Standing>(
    db,
    sql`select distinct on (owner) owner, factor_bps as "factorBps", score, strikes,
        suspended_until as "suspendedUntil", cluster, premium, epoch as number
      from oracle.standings where domain = ${domain} order by owner, epoch desc`,
  );
  return new Map(found.map((one) => [one.owner, one]));
}
