import { BPS } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import type { wireProviderDetail, wireServed, wireStanding } from "../core/index.ts";
import type { CountsOf } from "./provider-counts.ts";
import { providerOf } from "./providers.ts";

type Detail = Omit<z.infer<typeof wireProviderDetail>, "rules">;
type Standing = z.infer<typeof wireStanding>;
type Served = z.infer<typeof wireServed>;

const SERVED_SHOWN = 50;
/** Newest answers of which it is counted what he missed: years of them are too many for one page. */
const SERVED_COUNTED = 1_000;
/** Signer sets that a history goes back. */
const EPOCHS_SHOWN = 200;

/** Everything that the logs and the reports handed over tell of one provider; undefined when there is none. */
export async function providerDetail(
  db: Executor,
  owner: string,
  unbondingSeconds: number,
  countsOf?: CountsOf,
): Promise<Detail | undefined> {
  const provider = await providerOf(db, owner, countsOf);
  if (!provider) return undefined;
  const [known, standings, served, stakeFreeAt] = await Promise.all([
    keysOf(db, provider.owner),
    standingsOf(db, provider.owner),
    servedBy(db, provider.owner),
    freeAt(db, provider, unbondingSeconds),
  ]);
  const count = (did: Served["did"]) => served.filter((one) => one.did === did).length;
  return {
    ...provider,
    ...known,
    standings,
    served: served.slice(0, SERVED_SHOWN),
    missed: count("missed"),
    late: count("late"),
    stakeFreeAt,
  };
}

/**
 * When the stake of somebody who leaves is his again: what `StakeManager.withdraw` will ask. Each seat that he held on
 * leaving binds the stake for a whole unbonding from the end of its epoch, because until then he could sign.
 * @returns unix seconds; null for somebody who is not leaving, and while an epoch in which he held a seat goes on
 */
export async function freeAt(
  db: Executor,
  provider: Pick<Detail, "owner" | "state" | "unbondsAt" | "frozenUntil">,
  unbondingSeconds: number,
): Promise<number | null> {
  const { owner, state, unbondsAt, frozenUntil } = provider;
  if (state !== "unbonding" || unbondsAt === null) return null;
  const held = await rows<{ endedAt: number | null }>(
    db,
    sql`
    with last as (select domain, max(epoch) as epoch from oracle.epochs where at <= ${unbondsAt - unbondingSeconds} group by domain)
    select (select min(next.at) from oracle.epochs next where next.domain = last.domain and next.epoch > last.epoch) as "endedAt"
    from last where exists (select from oracle.seats seat join oracle.signers s on s.signer = seat.signer
      where seat.domain = last.domain and seat.epoch = last.epoch and s.owner = ${owner})`,
  );
  let free = Math.max(unbondsAt, frozenUntil ?? 0);
  for (const { endedAt } of held) {
    if (endedAt === null) return null;
    free = Math.max(free, endedAt + unbondingSeconds);
  }
  return free;
}

async function keysOf(db: Executor, owner: string): Promise<{ joinedAt: number; signers: string[] }> {
  const found = await rows<{ signer: string; joinedAt: number }>(
    db,
    sql`select s.signer, p.joined_at as "joinedAt" from oracle.signers s join oracle.providers p on p.owner = s.owner
      where s.owner = ${owner} order by (s.signer = p.signer) desc, s.signer`,
  );
  return { joinedAt: found[0]?.joinedAt ?? 0, signers: found.map(({ signer }) => signer) };
}

type EpochRow = {
  domain: number;
  epoch: number;
  at: number;
  totalWeight: bigint;
  seat: number | null;
  weight: bigint;
};

async function standingsOf(db: Executor, owner: string): Promise<Standing[]> {
  const [epochs, next, told] = await Promise.all([
    rows<EpochRow>(
      db,
      sql`
      with mine as (select seat.domain, seat.epoch, min(seat.seat) as seat, sum(seat.weight) as weight
        from oracle.seats seat join oracle.signers s on s.signer = seat.signer
        where s.owner = ${owner} group by seat.domain, seat.epoch)
      select * from (
        select e.domain, e.epoch, e.at, e.total_weight as "totalWeight", mine.seat, coalesce(mine.weight, 0) as weight,
          row_number() over (partition by e.domain order by e.epoch desc) as back
        from oracle.epochs e left join mine on mine.domain = e.domain and mine.epoch = e.epoch
        where e.domain in (select domain from mine)) recent
      where back <= ${EPOCHS_SHOWN} order by domain, epoch`,
    ),
    rows<{ domain: number }>(db, sql`select domain from oracle.rosters where owner = ${owner}`),
    rows<Standing["records"][number] & { domain: number }>(
      db,
      sql`select domain, epoch, at, score, factor_bps as "factorBps", strikes, suspended_until as "suspendedUntil", cluster, premium
        from oracle.standings where owner = ${owner} order by domain, epoch`,
    ),
  ]);
  const records = new Map<number, Standing["records"]>();
  for (const { domain, ...record } of told) records.set(domain, [...(records.get(domain) ?? []), record]);
  const seatedNext = new Set(next.map(({ domain }) => domain));
  const domains = [...new Set([...epochs.map(({ domain }) => domain), ...records.keys(), ...seatedNext])];
  return domains
    .toSorted((a, b) => a - b)
    .map((domain) => {
      const mine = epochs.filter((epoch) => epoch.domain === domain);
      const last = mine.at(-1);
      return {
        domain,
        seat: last?.seat ?? null,
        weight: String(last?.weight ?? 0n),
        totalWeight: String(last?.totalWeight ?? 0n),
        epoch: last?.epoch ?? 0,
        next: seatedNext.has(domain),
        records: records.get(domain) ?? [],
        history: mine.map(({ epoch, at, weight, totalWeight }) => ({
          epoch,
          at,
          share: totalWeight === 0n ? 0 : Number((weight * BPS) / totalWeight),
        })),
      };
    });
}

/** The newest answers of epochs in which he held a seat, newest first. Whoever reported elsewhere only is in the answer or missed it. */
const servedBy = (db: Executor, owner: string) =>
  rows<Served>(
    db,
    sql`
    with own as (select seat.domain, seat.epoch, seat.seat
      from oracle.seats seat join oracle.signers s on s.signer = seat.signer where s.owner = ${owner}),
    newest as (select q.id, q.schema, q.seats, q.domain, q.epoch, q.answered_at, q.answered_block, q.answered_log
      from oracle.questions q
      where q.state = 'answered' and (q.domain, q.epoch) in (select domain, epoch from own)
      order by q.answered_block desc, q.answered_log desc limit ${SERVED_COUNTED})
    select q.id as question, q.schema->>'text' as text, q.answered_at as at,
      case when exists (select from own where own.domain = q.domain and own.epoch = q.epoch and (q.seats >> own.seat) & 1 = 1)
          then 'counted'
        when exists (select from oracle.reports r join oracle.signers k on k.signer = r.signer
          where r.question = q.id and k.owner = ${owner}) then 'late'
        else 'missed' end as did
    from newest q order by q.answered_block desc, q.answered_log desc`,
  );
