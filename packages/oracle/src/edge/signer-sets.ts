import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { newcomerFactorBps, type Seat, type SignerSet } from "../core/index.ts";

/** The signer set of a domain in `epoch`, or its latest. Epoch 0 with no seats while there was none. */
export async function signerSet(db: Executor, domain: number, epoch?: number): Promise<SignerSet> {
  const found = await rows<{ epoch: number; totalWeight: bigint; signer: Hex | null; weight: bigint | null }>(
    db,
    sql`select e.epoch, e.total_weight as "totalWeight", s.signer, s.weight
      from (select epoch, total_weight from oracle.epochs
        where domain = ${domain} and ${epoch === undefined ? sql`true` : sql`epoch = ${epoch}`}
        order by epoch desc limit 1) e
      left join oracle.seats s on s.domain = ${domain} and s.epoch = e.epoch order by s.seat`,
  );
  const [first] = found;
  if (!first) return { epoch: epoch ?? 0, totalWeight: 0n, seats: [] };
  const seats: Seat[] = found.flatMap(({ signer, weight }) =>
    signer !== null && weight !== null ? [{ signer, weight }] : [],
  );
  return { epoch: first.epoch, totalWeight: first.totalWeight, seats };
}

/** Who earns what each key signs. */
export async function ownersOf(db: Executor, signers: readonly string[]): Promise<Map<string, Hex>> {
  const found = await rows<{ signer: string; owner: Hex }>(
    db,
    sql`select signer, owner from oracle.signers where signer = any(${signers.map((signer) => signer.toLowerCase())}::text[])`,
  );
  return new Map(found.map(({ signer, owner }) => [signer, owner]));
}

/** Who earns what each key signs, and with what stake of now he answers for it. */
export async function ownersWithStakes(
  db: Executor,
  signers: readonly string[],
): Promise<Map<string, { owner: Hex; stake: bigint }>> {
  const found = await rows<{ signer: string; owner: Hex; stake: bigint }>(
    db,
    sql`select s.signer, s.owner, p.stake from oracle.signers s join oracle.providers p on p.owner = s.owner
      where s.signer = any(${signers.map((signer) => signer.toLowerCase())}::text[])`,
  );
  return new Map(found.map(({ signer, owner, stake }) => [signer, { owner, stake }]));
}

/** The latest signer set of every domain that somebody serves or served. */
export async function signerSets(db: Executor): Promise<Map<number, SignerSet>> {
  const domains = await rows<{ domain: number }>(
    db,
    sql`select domain from oracle.epochs union select domain from oracle.rosters order by domain`,
  );
  const sets = await Promise.all(
    domains.map(async ({ domain }) => [domain, await signerSet(db, domain)] as const),
  );
  return new Map(sets);
}

/**
 * Whom the next epoch of a domain seats at `now`: signing key, whole stake, what reputation leaves of it, and with whom he stands. The suspended
 * and those whose stake was slashed below the least are passed over. Records count from an epoch's time after the domain's
 * first of them on, for all at once. Mirror of `Seats._nextSeats`, but for the policy.
 */
export const nextSigners = (
  db: Executor,
  domain: number,
  limits: { now: number; minStake: bigint; startFactorBps: number; epochSeconds: number },
) => {
  const { now, minStake, startFactorBps, epochSeconds } = limits;
  return rows<{ signer: Hex; stake: bigint; factorBps: number; cluster: number; family: number }>(
    db,
    sql`with first as (select min(at) + ${epochSeconds}::int as "countFrom" from oracle.standings where domain = ${domain})
      select p.signer, p.stake,
        case when first."countFrom" <= ${now} then coalesce(s.factor_bps, ${newcomerFactorBps(startFactorBps)}::int)
          else ${startFactorBps}::int end as "factorBps",
        coalesce(s.cluster, 0) as cluster, (p.kinds >> 16) & 255 as family
      from first cross join oracle.rosters r join oracle.providers p on p.owner = r.owner
      left join lateral (select factor_bps, cluster, suspended_until from oracle.standings
        where domain = r.domain and owner = r.owner order by epoch desc limit 1) s on true
      where r.domain = ${domain} and p.stake >= ${String(minStake)} and coalesce(s.suspended_until, 0) <= ${now}
      order by p.owner`,
  );
};
