import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { domainsOf, familyOf, type wireProvider } from "../core/index.ts";

type Row = {
  owner: string;
  signer: string;
  stake: bigint;
  state: "active" | "unbonding" | "withdrawn";
  unbonds_at: number | null;
  kinds: number;
  juror: boolean;
  banned: boolean;
  slashed: bigint;
  misses: number;
  frozen_until: number | null;
  suspended_until: number | null;
  seat: number | null;
  weight: bigint | null;
  reports: number;
  counted: number;
  last_report_at: number | null;
  credit: bigint | null;
};

/** Providers by weight, or the one of this owner. Seat and weight are those of the first domain that seats him. `counted` are reports that went into an accepted answer. */
export async function listProviders(db: Executor, owner?: string): Promise<z.infer<typeof wireProvider>[]> {
  const found = await rows<Row>(
    db,
    sql`
    with current as (select domain, max(epoch) as epoch from oracle.epochs group by domain),
    counted as (
      select s.owner, count(*) as counted from oracle.questions q
      join oracle.seats seat on seat.domain = q.domain and seat.epoch = q.epoch and (q.seats >> seat.seat) & 1 = 1
      join oracle.signers s on s.signer = seat.signer
      where q.state = 'answered' group by s.owner),
    handed as (
      select s.owner, count(*) as reports, max(r.received_at) as last_report_at
      from oracle.reports r join oracle.signers s on s.signer = r.signer group by s.owner)
    select p.owner, p.signer, p.stake, p.state, p.kinds, p.juror, p.banned, p.frozen_until, p.suspended_until,
      (select coalesce(sum(amount), 0) from oracle.slashes s where s.owner = p.owner) as slashed,
      (select count(*) from oracle.juror_faults f join oracle.juries j on j.id = f.jury
        join oracle.jurors k on k.epoch = j.juror_epoch and k.juror = f.juror
        join oracle.signers s on s.signer = k.signer where f.kind = 'missing' and s.owner = p.owner) as misses,
      p.unbonds_at, seat.seat, seat.weight,
      coalesce(handed.reports, 0) as reports, coalesce(counted.counted, 0) as counted, handed.last_report_at, c.credit
    from oracle.providers p
    left join (select distinct on (s.owner) s.owner, seat.seat, seat.weight from oracle.seats seat
      join current on current.domain = seat.domain and current.epoch = seat.epoch
      join oracle.signers s on s.signer = seat.signer
      order by s.owner, seat.domain, seat.seat) seat on seat.owner = p.owner
    left join handed on handed.owner = p.owner
    left join counted on counted.owner = p.owner
    left join oracle.credits c on c.account = p.owner
    where ${owner === undefined ? sql`true` : sql`p.owner = ${owner.toLowerCase()}`}
    order by seat.weight desc nulls last, p.owner`,
  );
  return found.map((row) => ({
    owner: row.owner,
    signer: row.signer,
    stake: String(row.stake),
    state: row.state,
    domains: domainsOf(row.kinds),
    family: familyOf(row.kinds),
    juror: row.juror,
    banned: row.banned,
    slashed: String(row.slashed),
    misses: row.misses,
    frozenUntil: row.frozen_until,
    suspendedUntil: row.suspended_until,
    seat: row.seat,
    weight: String(row.weight ?? 0n),
    unbondsAt: row.unbonds_at,
    reports: row.reports,
    counted: row.counted,
    lastReportAt: row.last_report_at,
    credit: String(row.credit ?? 0n),
  }));
}

/** Collateral that the oracle holds for an account and pays out on demand. */
export async function creditOf(db: Executor, account: string): Promise<bigint> {
  const [held] = await rows<{ credit: bigint }>(
    db,
    sql`select credit from oracle.credits where account = ${account.toLowerCase()}`,
  );
  return held?.credit ?? 0n;
}
