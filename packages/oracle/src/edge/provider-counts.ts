import { followedHead } from "@sooth/chain";
import { need } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { ApiDeps } from "./deps.ts";

/** What is added up over all that a provider ever did. */
export type ProviderCounts = {
  /** Handed over here. */
  reports: number;
  lastReportAt: number | null;
  /** Reports that went into an accepted answer. */
  counted: number;
  /** Collateral that was taken. */
  slashed: bigint;
  /** Juries that he was drawn for and missed. */
  misses: number;
};
/** Of each of these owners, lower case; those of somebody unknown are zero. */
export type CountsOf = (owners: readonly string[]) => Promise<Map<string, ProviderCounts>>;

/** Counted anew, by index and of these alone. */
export async function countProviders(
  db: Executor,
  owners: readonly string[],
): Promise<Map<string, ProviderCounts>> {
  if (owners.length === 0) return new Map();
  const found = await rows<ProviderCounts & { owner: string }>(
    db,
    sql`
    with mine as (select owner, signer from oracle.signers where owner = any(${[...owners]}::text[])),
    handed as (
      select mine.owner, count(*) as reports, max(r.received_at) as last
      from mine join oracle.reports r on r.signer = mine.signer group by mine.owner),
    counted as (
      select mine.owner, count(*) as counted from mine
      join oracle.seats seat on seat.signer = mine.signer
      join oracle.questions q on q.domain = seat.domain and q.epoch = seat.epoch and (q.seats >> seat.seat) & 1 = 1
      where q.state = 'answered' group by mine.owner),
    missed as (
      select mine.owner, count(*) as misses from oracle.juror_faults f
      join oracle.juries j on j.id = f.jury
      join oracle.jurors k on k.epoch = j.juror_epoch and k.juror = f.juror
      join mine on mine.signer = k.signer where f.kind = 'missing' group by mine.owner)
    select one.owner, coalesce(handed.reports, 0) as reports, handed.last as "lastReportAt",
      coalesce(counted.counted, 0) as counted, coalesce(missed.misses, 0) as misses,
      (select coalesce(sum(s.amount), 0) from oracle.slashes s where s.owner = one.owner) as slashed
    from unnest(${[...owners]}::text[]) one(owner)
    left join handed on handed.owner = one.owner
    left join counted on counted.owner = one.owner
    left join missed on missed.owner = one.owner`,
  );
  return new Map(found.map(({ owner, ...counts }) => [owner, counts]));
}

type Held = { counts: Promise<ProviderCounts>; underWay: boolean };

/**
 * Counts that are kept for a block, so that who asks again and again has nothing counted again. What is being counted is
 * waited for, however many blocks that takes: no two requests count the same at once. Where no block was followed yet
 * nothing is kept.
 */
export function countsPerBlock({ store, hub }: Pick<ApiDeps, "store" | "hub">): CountsOf {
  const { db } = store;
  const held = new Map<string, Held>();
  let block: string | undefined;
  const start = (owners: readonly string[]) => {
    const all = countProviders(db, owners);
    for (const owner of owners) {
      const one: Held = {
        counts: all.then((found) => need(found.get(owner), "a row for each owner")),
        underWay: true,
      };
      held.set(owner, one);
      one.counts.then(
        () => (one.underWay = false),
        () => held.delete(owner),
      );
    }
  };
  return async (owners) => {
    const head = await followedHead(db, hub.definition.id);
    if (head === undefined) return countProviders(db, owners);
    if (head.hash !== block) {
      for (const [owner, { underWay }] of held) if (!underWay) held.delete(owner);
      block = head.hash;
    }
    const missing = owners.filter((owner) => !held.has(owner));
    if (missing.length > 0) start(missing);
    return new Map(
      await Promise.all(
        owners.map(async (owner) => [owner, await need(held.get(owner), "counts").counts] as const),
      ),
    );
  };
}
